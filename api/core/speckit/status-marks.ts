import type { TaskMark } from './types.ts'

const BY_MARK: Record<string, TaskMark> = {
  ' ': 'open',
  '\u00a0': 'open',
  x: 'done',
  X: 'done',
  '✓': 'done',
  '✔': 'done',
  '✅': 'done',
  '☑': 'done',
  '√': 'done',
  '~': 'in_progress',
  '/': 'in_progress',
  '-': 'cancelled',
  '–': 'cancelled',
}

const BY_SYMBOL: Record<string, TaskMark> = {
  '✅': 'done',
  '✔': 'done',
  '✓': 'done',
  '☑': 'done',
  '🟢': 'done',
  '⬜': 'open',
  '☐': 'open',
  '🔲': 'open',
  '⚪': 'open',
  '⏸': 'open',
  '🔴': 'open',
  '🟡': 'in_progress',
  '🟨': 'in_progress',
  '🟠': 'in_progress',
  '🔄': 'in_progress',
  '🚧': 'in_progress',
  '⏳': 'in_progress',
  '❌': 'cancelled',
  '🚫': 'cancelled',
  '✖': 'cancelled',
  '✗': 'cancelled',
}

const WORDS: Record<string, TaskMark> = {
  done: 'done',
  complete: 'done',
  completed: 'done',
  'in progress': 'in_progress',
  in_progress: 'in_progress',
  wip: 'in_progress',
  cancelled: 'cancelled',
  canceled: 'cancelled',
  pending: 'open',
  todo: 'open',
  open: 'open',
}

/** A mark nobody agreed on ("!", "?", ">") is not done, so it reads as open. */
export function markFromCharacter(char: string): TaskMark {
  return BY_MARK[char] ?? 'open'
}

/** What a status symbol says; null for any other symbol. */
export function markFromSymbol(symbol: string): TaskMark | null {
  return BY_SYMBOL[symbol] ?? null
}

/** What a table cell or a word says about a status; null when it says nothing. */
export function markFromWords(text: string): TaskMark | null {
  const first = [...text][0]
  const symbol = first === undefined ? null : markFromSymbol(first)
  return symbol ?? WORDS[text.trim().toLowerCase()] ?? null
}

const PICTOGRAPH = /(?:\p{Extended_Pictographic}|[✓✗☐☒□])(?:\ufe0f|\u200d|[\u{1f3fb}-\u{1f3ff}])?/uy

/** The symbol that starts at `position`, and where it ends; null when there is none. */
export function readSymbol(text: string, position: number): { symbol: string; end: number } | null {
  PICTOGRAPH.lastIndex = position
  const found = PICTOGRAPH.exec(text)?.[0]
  if (found === undefined) return null
  const symbol = [...found][0] ?? found
  return { symbol, end: position + found.length }
}
