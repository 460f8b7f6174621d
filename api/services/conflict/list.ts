import { listConflicts as command } from '../../commands/events.ts'
import { listConflicts as list } from '../../store/conflicts.ts'
import { query } from '../query.ts'

export const listConflicts = query(command, ({ db }, filter) => list(db, filter))
