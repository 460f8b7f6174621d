import type { Task } from '../api/types.ts'
import type { ColumnStatus } from './columns.ts'

export interface Move {
  task: Task
  to: ColumnStatus
  /** Why it is blocked, where it goes there. */
  reason?: string | undefined
}
