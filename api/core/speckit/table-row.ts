import { readBox } from './read-item.ts'
import { markFromWords } from './status-marks.ts'
import { bracketedId, type ReadId, readId } from './task-id.ts'
import type { TaskMark } from './types.ts'

export interface Cell {
  /** Offset in the line. */
  start: number
  text: string
}

export interface TableHeader {
  /** Lower case, undecorated. */
  names: string[]
}

const COLUMNS_LIMIT = 64
const ID_NAMES = new Set(
  '#,id,no,no.,nr,nr.,task,tasks,task id,task-id,taskid,tarea,tarefa,tarefas,tâche,aufgabe,задача,ид,id задачи,タスク,タスクid,任务,任務,编号,編號,番号,작업,태스크'.split(
    ',',
  ),
)

/** Cells of "| a | b |"; null for a line that is no table row. An escaped or quoted bar still parts cells. */
export function readCells(text: string): Cell[] | null {
  if (!text.trimStart().startsWith('|')) return null
  const cells: Cell[] = []
  let start = text.indexOf('|') + 1
  while (start <= text.length && cells.length < COLUMNS_LIMIT) {
    let end = text.indexOf('|', start)
    while (end > 0 && text[end - 1] === '\\') end = text.indexOf('|', end + 1)
    const stop = end === -1 ? text.length : end
    const inner = text.slice(start, stop)
    if (end === -1 && inner.trim() === '') break
    cells.push({ start: start + (inner.length - inner.trimStart().length), text: inner.trim() })
    if (end === -1) break
    start = end + 1
  }
  return cells
}

export function isSeparatorRow(text: string): boolean {
  return text.includes('|') && text.includes('-') && /^[\s|:-]+$/u.test(text)
}

function undecorated(text: string): string {
  return text.replace(/[*_`~]/gu, '').trim()
}

export function readHeader(cells: readonly Cell[]): TableHeader {
  return { names: cells.map((cell) => undecorated(cell.text.slice(0, 80)).toLowerCase()) }
}

export interface Row {
  id: ReadId
  /** Cells other than the id and the mark. */
  title: Cell
  others: { name: string; text: string }[]
  mark: TaskMark | null
  /** Offset in the line of a "[ ]" cell's mark. */
  markOffset: number | null
  markCharacter: string | null
}

/** The id that fills a cell, decoration aside. */
export function cellId(cell: Cell): ReadId | null {
  const text = undecorated(cell.text.slice(0, 80)).replace(/^[^\p{L}\p{N}[]+/u, '')
  const bracketed =
    text.startsWith('[') && text.endsWith(']') ? bracketedId(text.slice(1, -1)) : null
  if (bracketed !== null) return bracketed
  const id = readId(text, 0)
  return id !== null && id.end === text.length ? id : null
}

/**
 * A row that may be a task: its first cell, apart from a checkbox cell, is one id, the column is
 * headed as ids or tasks, and another cell says something.
 */
export function readRow(cells: readonly Cell[], header: TableHeader | null): Row | null {
  let mark: TaskMark | null = null
  let markOffset: number | null = null
  let markCharacter: string | null = null
  let id: ReadId | null = null
  let idIndex = -1
  const rest: { name: string; cell: Cell }[] = []
  for (const [index, cell] of cells.entries()) {
    const read = readBox(cell.text, 0)
    if (read !== null && read.end === cell.text.length) {
      markOffset ??= read.box.offset === null ? null : cell.start + read.box.offset
      markCharacter ??= read.box.mark
      continue
    }
    if (id === null && rest.length === 0) {
      id = cellId(cell)
      if (id === null || id.parts.length > 1) return null
      idIndex = index
      continue
    }
    const status = cell.text.length <= 40 ? markFromWords(undecorated(cell.text)) : null
    if (status !== null) mark ??= status
    else rest.push({ name: header?.names[index] ?? '', cell })
  }
  const title = rest.find(({ cell }) => /\p{L}{2}/u.test(cell.text))
  if (id === null || title === undefined || cellId(title.cell) !== null) return null
  if (header !== null && !ID_NAMES.has(header.names[idIndex] ?? '')) return null
  return {
    id,
    title: title.cell,
    others: rest
      .filter((other) => other !== title && other.cell.text !== '')
      .map(({ name, cell }) => ({ name, text: cell.text })),
    mark,
    markOffset,
    markCharacter,
  }
}
