import * as z from 'zod'
import { id, name, text, timestamp } from './fields.ts'

export const viewName = name(80)
export const viewQuery = text(4000)

export const SavedView = z
  .object({
    id,
    project_id: id,
    name: viewName,
    query: viewQuery.meta({
      description: 'filters, lanes and columns, as the address of a board has them after its `?`',
    }),
    created_by: text().meta({ description: 'who may change it, besides admins' }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'SavedView', description: 'A way of looking at the boards of a project' })
export type SavedView = z.infer<typeof SavedView>
