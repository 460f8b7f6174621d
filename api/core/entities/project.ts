import * as z from 'zod'
import { id, name, text, timestamp } from './fields.ts'

/** A named zone: an offset such as +02:00 knows no summer time. */
const isTimeZone = (zone: string) => {
  try {
    return /^[A-Za-z]/.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }) !== null
  } catch {
    return false
  }
}

/** Columns whose cards may be limited; what waits in the backlog or is done is not under way. */
const limited = z.enum(['todo', 'in_progress', 'review', 'testing', 'blocked'])
const wipLimit = z
  .int('must be a whole number of cards')
  .min(1, 'must be at least 1; leave the column out for no limit')
  .max(10_000)

export const delegationMode = z.enum(['off', 'read_only', 'two_way'])

/** What a team may choose per project. Absent keys mean the default named here. */
export const ProjectSettings = z
  .strictObject({
    sprint_integration: z.boolean().optional().meta({ description: 'default: on' }),
    auto_create_sprint: z
      .boolean()
      .optional()
      .meta({ description: 'make a sprint for every new protocol run; default: on' }),
    sprint_days: z
      .int()
      .min(1)
      .max(365)
      .optional()
      .meta({ description: 'length of a sprint made from a protocol run; default: 14' }),
    time_zone: text(100)
      .refine(isTimeZone, 'must be an IANA time zone, such as Europe/Berlin')
      .optional()
      .meta({ description: 'whose days the charts count; default: UTC' }),
    working_days: z
      .array(z.int().min(1).max(7))
      .min(1)
      .refine((days) => new Set(days).size === days.length, 'must not name a day twice')
      .optional()
      .meta({ description: '1 is Monday, 7 is Sunday; default: 1 to 5' }),
    claim_lease_minutes: z.int().min(1).max(1440).optional().meta({
      description: 'how long an agent that is not heard of keeps its tasks; default: 15',
    }),
    session_hours: z.int().min(1).max(720).optional().meta({
      description: 'how long a session is kept in which nothing is done; default: 24',
    }),
    wip_limits: z.partialRecord(limited, wipLimit).optional().meta({
      description: 'most cards at once per column; more are marked, never refused. Default: none',
    }),
    delegation: delegationMode.optional().meta({
      description:
        'files of sprints and tasks below delegation/ in the repository: none, a view, or edited on both sides; default: off',
    }),
  })
  .meta({ id: 'ProjectSettings' })
export type ProjectSettings = z.infer<typeof ProjectSettings>

export const slug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'must be 1 to 63 lower-case letters, digits or dashes, and begin with a letter or digit',
  )

export const Project = z
  .object({
    id,
    slug,
    name: name(),
    local_path: text().nullable(),
    repo_url: text().nullable(),
    default_branch: text(),
    settings: ProjectSettings,
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Project', description: 'A Git repository' })
export type Project = z.infer<typeof Project>
