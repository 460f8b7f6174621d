import * as z from 'zod'
import { code, id, text, timestamp } from './fields.ts'

export const conflictSource = z
  .enum(['spec', 'protocol', 'file'])
  .meta({ description: 'tasks.md, the step of a run, or a file below delegation/' })
export const conflictSide = z
  .enum(['board', 'other'])
  .meta({ description: 'other: the step of a protocol run, or the file' })

export const SyncConflict = z
  .object({
    id,
    project_id: id,
    task_id: id.nullable().meta({ description: 'null where it is about the sprint itself' }),
    step_run_id: id.nullable(),
    source: conflictSource,
    field: text(),
    base_value: z.json(),
    board_value: z.json(),
    other_value: z.json().meta({ description: 'what the file says, or the status of the step' }),
    actor: text().meta({ description: 'who brought the two apart: moved, imported, acted' }),
    created_at: timestamp,
    resolved_at: timestamp.nullable(),
    resolved_by: text().nullable(),
    resolution: z.enum([...conflictSide.options, 'superseded']).nullable(),
  })
  .meta({ id: 'SyncConflict', description: 'Two sides that changed one field differently' })
export type SyncConflict = z.infer<typeof SyncConflict>

export const Conflict = SyncConflict.extend({
  sprint_id: id.nullable().meta({ description: 'where the task is now, or the sprint itself' }),
  task_code: code.meta({ description: 'of the task, or of the sprint' }),
  task_title: text(),
}).meta({ id: 'Conflict', description: 'A conflict, with the task it is about' })
export type Conflict = z.infer<typeof Conflict>
