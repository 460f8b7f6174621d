import type { BoardStatus, ExistingTask, ImportedFields } from './import-types.ts'
import type { TaskMark } from './types.ts'

type FileMark = ImportedFields['mark']
type Side = 'open' | 'done' | 'gone'

export type StatusMerge =
  | { kind: 'same' }
  | { kind: 'file'; boardStatus: BoardStatus }
  | { kind: 'conflict'; boardStatus: BoardStatus }

/** The column a mark means for a card that stands in none yet. */
export function statusOfMark(mark: FileMark, inSprint: boolean): BoardStatus {
  if (mark === 'done') return 'done'
  if (mark === 'in_progress') return 'in_progress'
  if (mark === 'open') return inSprint ? 'todo' : 'backlog'
  return 'archived'
}

function sideOfMark(mark: FileMark): Side {
  if (mark === 'done') return 'done'
  return mark === 'cancelled' || mark === 'absent' ? 'gone' : 'open'
}

function sideOfBoard(task: ExistingTask): Side {
  if (task.archived || task.boardStatus === 'archived') return 'gone'
  return task.boardStatus === 'done' ? 'done' : 'open'
}

/**
 * The file knows open, done and gone; every other column is the board's own affair, so an unchanged
 * mark never moves a card. "[~]" brings a waiting card to in_progress, and its end brings it back.
 */
export function mergeStatus(task: ExistingTask, mark: TaskMark, inSprint: boolean): StatusMerge {
  const base = task.imported?.mark ?? null
  if (mark === base) return { kind: 'same' }
  const file = sideOfMark(mark)
  const board = sideOfBoard(task)
  const target = statusOfMark(mark, inSprint)
  if (file === board) {
    const waiting = task.boardStatus === 'todo' || task.boardStatus === 'backlog'
    if (base !== null && mark === 'in_progress' && waiting) {
      return { kind: 'file', boardStatus: target }
    }
    if (base === 'in_progress' && mark === 'open' && task.boardStatus === 'in_progress') {
      return { kind: 'file', boardStatus: target }
    }
    return { kind: 'same' }
  }
  if (base !== null && sideOfMark(base) === board) return { kind: 'file', boardStatus: target }
  return { kind: 'conflict', boardStatus: target }
}
