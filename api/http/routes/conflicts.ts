import { getConflict, listConflicts } from '../../services/conflict/read.ts'
import { resolveConflict, resolveConflicts } from '../../services/conflict/resolve.ts'

export const conflicts = [listConflicts, resolveConflicts, getConflict, resolveConflict]
