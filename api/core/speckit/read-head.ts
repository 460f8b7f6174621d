import { markFromSymbol, readSymbol } from './status-marks.ts'
import { bracketedId, type ReadId, readId } from './task-id.ts'
import type { TaskMark } from './types.ts'

/** What stands between the bullet or checkbox and the title. */
export interface Head {
  id: ReadId
  /** Contents of the bracket runs around the id, as written. */
  tags: string[]
  /** The id stands between "~~". */
  struck: boolean
  /** What a status symbol says. */
  symbol: TaskMark | null
  /** A "**" that was opened before the id and is still open. */
  boldOpen: boolean
  /** A "~~" that was opened before the id and is still open. */
  strikeOpen: boolean
  /** Offset in the line. */
  titleStart: number
  /** Offset of the mark in "T001 [ ] title"; null otherwise. */
  innerMark: number | null
}

/** Nobody writes more than this before a title; also the bound of the work for one line. */
const HEAD_LIMIT = 400
const TAG_LIMIT = 80
const SPACE = /[\s\u200b\ufeff]/u
const NOTE = /[_*]{1,2}\([^()]{1,60}\)[_*]{1,2}/uy
const PLAIN_NOTE = /\([^()]{1,40}\)/uy
const TASK_WORD = /(?:task|tarefa|tarea|tâche|aufgabe|задача)[ \u00a0#:]{0,3}(?=t-?\d)/iuy

function stickyEnd(regex: RegExp, text: string, at: number): number | null {
  regex.lastIndex = at
  return regex.test(text) ? regex.lastIndex : null
}

/** The content of "[…]" at `at`; null for a link, a nested bracket or one that is too long. */
function readTag(text: string, at: number): { content: string; end: number } | null {
  const close = text.slice(at, at + TAG_LIMIT + 2).indexOf(']')
  if (close === -1) return null
  const content = text.slice(at + 1, at + close)
  const end = at + close + 1
  return content.includes('[') || text[end] === '(' ? null : { content, end }
}

/** Reads from `start` to the title. Null when no id stands there. */
export function readHead(text: string, start: number): Head | null {
  const limit = Math.min(text.length, start + HEAD_LIMIT)
  const tags: string[] = []
  let symbol: TaskMark | null = null
  let bold = false
  let strike = false
  let code = false
  let id: ReadId | null = null
  let at = start

  while (at < limit && id === null) {
    const char = text[at] ?? ''
    if (SPACE.test(char)) at++
    else if (text.startsWith('**', at)) {
      bold = !bold
      at += 2
    } else if (text.startsWith('~~', at)) {
      strike = !strike
      at += 2
    } else if (char === '[') {
      const tag = readTag(text, at)
      if (tag === null) return null
      id = bracketedId(tag.content.trim())
      if (id === null) tags.push(tag.content)
      at = tag.end
    } else {
      id = readId(text, at)
      if (id !== null) {
        at = id.end
        break
      }
      const symbolHere = readSymbol(text, at)
      const skipped =
        stickyEnd(NOTE, text, at) ??
        stickyEnd(PLAIN_NOTE, text, at) ??
        stickyEnd(TASK_WORD, text, at)
      if (symbolHere !== null) {
        symbol ??= markFromSymbol(symbolHere.symbol)
        at = symbolHere.end
      } else if (skipped !== null) at = skipped
      else if (char === '_' || char === '*' || char === '`') {
        code ||= char === '`'
        at++
      } else return null
    }
  }
  if (id === null) return null

  const struck = strike
  let innerMark: number | null = null
  while (at < limit) {
    const char = text[at] ?? ''
    if (SPACE.test(char) || char === ':' || char === '：') at++
    else if (code && char === '`') {
      code = false
      at++
    } else if (bold && text.startsWith('**', at)) {
      bold = false
      at += 2
    } else if (strike && text.startsWith('~~', at)) {
      strike = false
      at += 2
    } else if (char === '.' || char === ')') {
      if (at !== id.end && text[at - 1] !== '*') break
      at++
    } else if ('-–—|'.includes(char) && /^\s?$/u.test(text[at + 1] ?? '')) at++
    else if (char === '[') {
      const tag = readTag(text, at)
      if (tag === null) break
      if (/^[ xX]$/u.test(tag.content)) innerMark ??= at + 1
      else tags.push(tag.content)
      at = tag.end
    } else {
      const noteEnd = stickyEnd(NOTE, text, at)
      const symbolHere = noteEnd === null ? readSymbol(text, at) : null
      const says = symbolHere === null ? null : markFromSymbol(symbolHere.symbol)
      if (noteEnd !== null) at = noteEnd
      else if (symbolHere !== null && says !== null) {
        symbol ??= says
        at = symbolHere.end
      } else break
    }
  }
  return {
    id,
    tags,
    struck,
    symbol,
    boldOpen: bold,
    strikeOpen: strike,
    titleStart: at,
    innerMark,
  }
}
