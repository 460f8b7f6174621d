import { listViews as command } from '../../commands/views.ts'
import { listViews as list } from '../../store/views.ts'
import { query } from '../query.ts'

export const listViews = query(command, ({ db }, filter) => list(db, filter))
