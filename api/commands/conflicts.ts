import * as z from 'zod'
import { Conflict, conflictSide, conflictSource } from '../core/entities/conflict.ts'
import { id, idText, name, text } from '../core/entities/fields.ts'
import { command, listOf, page } from './command.ts'

const number = z.coerce.number().int().positive().optional()
const byConflict = z.object({ conflict_id: idText })

export const listConflicts = command({
  name: 'conflict.list',
  summary: 'List sync conflicts with both sides; those that nobody has resolved unless asked',
  scope: 'read',
  method: 'get',
  path: '/conflicts',
  query: z.object({
    ...page,
    project_id: number,
    sprint_id: number,
    task_id: number,
    source: conflictSource.optional(),
    state: z.enum(['open', 'resolved', 'all']).default('open'),
  }),
  output: listOf(Conflict),
})

export const getConflict = command({
  name: 'conflict.get',
  summary: 'Read a sync conflict',
  scope: 'read',
  method: 'get',
  path: '/conflicts/:conflict_id',
  params: byConflict,
  output: Conflict,
})

const how = {
  side: conflictSide,
  override_reason: name(1000)
    .optional()
    .meta({ description: 'why an admin changes a task of a sprint that has ended' }),
}

export const resolveConflict = command({
  name: 'conflict.resolve',
  summary: 'Resolve a conflict either way; one with a step needs an admin',
  scope: 'plan',
  method: 'post',
  path: '/conflicts/:conflict_id/actions/resolve',
  params: byConflict,
  body: z.strictObject(how),
  output: Conflict,
})

export const ResolutionReport = z
  .object({
    resolved: z.int(),
    items: z.array(
      z.object({
        conflict_id: id,
        outcome: z.enum(['resolved', 'unchanged', 'stays']).meta({
          description: 'unchanged: it was resolved already; stays: refused by the rule named',
        }),
        rule: text().nullable(),
        detail: text().nullable(),
      }),
    ),
  })
  .meta({ id: 'ResolutionReport' })
export type ResolutionReport = z.infer<typeof ResolutionReport>

export const resolveConflicts = command({
  name: 'conflict.resolve_many',
  summary:
    'Resolve conflicts of a project the same way, in one transaction; says of each what became of it',
  scope: 'plan',
  method: 'post',
  path: '/conflicts/actions/resolve',
  body: z
    .strictObject({
      project_id: id,
      ids: z.array(id).min(1).max(1000).optional(),
      all: z.literal(true).optional().meta({ description: 'every open one of the project' }),
      ...how,
    })
    .refine((it) => (it.ids === undefined) !== (it.all === undefined), {
      path: ['ids'],
      message: 'give either ids, or all: true',
    }),
  output: ResolutionReport,
})
