import { z } from 'zod'
import { id, text, timestamp } from './fields.ts'

export const SyncConflict = z
  .object({
    id,
    project_id: id,
    task_id: id,
    step_run_id: id.nullable(),
    source: z.enum(['spec', 'protocol']),
    field: text(),
    base_value: z.json(),
    board_value: z.json(),
    other_value: z.json(),
    actor: text(),
    created_at: timestamp,
    resolved_at: timestamp.nullable(),
    resolved_by: text().nullable(),
    resolution: z.enum(['board', 'other', 'superseded']).nullable(),
  })
  .meta({ id: 'SyncConflict', description: 'Two sides that changed one field differently' })
export type SyncConflict = z.infer<typeof SyncConflict>
