import {
  getConflict as getCommand,
  listConflicts as listCommand,
} from '../../commands/conflicts.ts'
import { found } from '../../core/errors.ts'
import { findConflict, listConflicts as list } from '../../store/conflicts.ts'
import { query } from '../query.ts'

export const listConflicts = query(listCommand, ({ db }, filter) => list(db, filter))

export const getConflict = query(getCommand, async ({ db }, { conflict_id }) =>
  found(await findConflict(db, conflict_id), 'conflict', conflict_id),
)
