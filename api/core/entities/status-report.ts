import * as z from 'zod'
import { adrNumber, adrStatus } from './adr.ts'
import { id, text, timestamp } from './fields.ts'
import { SprintVelocityOut, sprintStatus } from './sprint.ts'
import { boardStatus, priority } from './task.ts'

const many = z.int().min(0)
const points = z.number()

const card = z.object({
  task_id: id,
  code: text(),
  title: text().meta({ description: 'cut where it is long' }),
  board_status: boardStatus,
  priority,
  story_points: z.int().nullable(),
  assignee: text().nullable(),
  blocked_reason: text().nullable(),
  completed_at: timestamp.nullable(),
})
export type ReportedCard = z.infer<typeof card>

/** How many there are, and the first of them. */
const cards = z.object({ count: many, points, tasks: z.array(card) })
export type ReportedCards = z.infer<typeof cards>

export const StatusReport = z
  .object({
    project_id: id,
    project: text(),
    sprint: z
      .object({
        sprint_id: id,
        code: text(),
        name: text(),
        goal: text().nullable(),
        status: sprintStatus,
        end_date: timestamp.nullable(),
      })
      .nullable(),
    since: timestamp,
    as_of: timestamp,
    done: cards.meta({ description: 'finished since then, the newest first' }),
    in_progress: cards.meta({ description: 'also in review and testing' }),
    blocked: cards,
    next: cards.meta({ description: 'to do, and nothing it needs is open' }),
    waiting: many.meta({ description: 'to do, but something it needs is open' }),
    metrics: z.object({
      sprint: SprintVelocityOut.nullable(),
      burndown: z
        .object({
          committed_points: points,
          completed_points: points,
          scope_change_points: points,
          remaining_points: points,
        })
        .nullable()
        .meta({ description: 'of a sprint that has started' }),
      velocity: z
        .object({ mean: z.number(), min: z.number(), max: z.number(), sprints_counted: many })
        .nullable()
        .meta({ description: 'of the last closed sprints' }),
      forecast: z
        .object({
          confidence: z.enum(['low', 'normal']),
          p50: z.iso.date().nullable(),
          p85: z.iso.date().nullable(),
        })
        .nullable()
        .meta({ description: 'when what is left will be done' }),
      bugs: z.object({ reported: many.meta({ description: 'since then' }), open: many }),
    }),
    decisions: z
      .object({
        count: many,
        adrs: z.array(z.object({ number: adrNumber, title: text(), status: adrStatus })),
      })
      .meta({ description: 'of the project, written down since then' }),
  })
  .meta({ id: 'StatusReport' })
export type StatusReport = z.infer<typeof StatusReport>
