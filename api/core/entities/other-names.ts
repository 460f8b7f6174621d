import * as z from 'zod'
import { type BoardStatus, boardStatus, type Priority, priority } from './task.ts'

/** What agents and other trackers call columns and priorities. */
const columns: Record<string, BoardStatus> = { pending: 'todo', completed: 'done' }
const priorities: Record<string, Priority> = {
  P0: 'critical',
  P1: 'high',
  P2: 'medium',
  P3: 'low',
}

/** A column by our name or by another one. */
export const statusByAnyName = z
  .enum([...boardStatus.options, ...Object.keys(columns)])
  .transform((name) => columns[name] ?? (name as BoardStatus))

/** A priority by our name or as P0 to P3. */
export const priorityByAnyName = z
  .enum([...priority.options, ...Object.keys(priorities)])
  .transform((name) => priorities[name] ?? (name as Priority))

/** P0 to P3, as bug files have it. */
export const priorityNumber = (wanted: Priority): string =>
  Object.keys(priorities).find((name) => priorities[name] === wanted) ?? wanted
