import { codeSpans } from './code-spans.ts'
import { markFromSymbol, readSymbol } from './status-marks.ts'
import { readOneId } from './task-id.ts'

export interface CleanTitle {
  title: string
  /** "[@name]" and "[5pts]" found inside the title, and taken out of it. */
  tags: string[]
  /** The title starts with struck-out text. */
  struck: boolean
}

const PERSONAL_TAG = /\[(@[\p{L}\p{N}_.-]{1,64}|\d{1,4} ?(?:pts?|points?|sp))\](?!\()/iuy
const DEPENDS_NOTE = /\(depends on [T\d.,&\sA-Za-z'’–—/+-]{2,400}\)/iuy
const PUNCTUATION = /[!-/:-@[-`{-~]/u

const REFERENCE = /&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/iuy

/** The character that "&#x2705;" stands for. */
function referenceAt(text: string, at: number): { char: string; end: number } | null {
  REFERENCE.lastIndex = at
  const match = REFERENCE.exec(text)
  if (match === null) return null
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16)
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null
  return { char: String.fromCodePoint(code), end: at + match[0].length }
}

/** "(depends on T001, T003–T005)" and nothing else; a note with words in it stays in the title. */
function holdsOnlyIds(note: string): boolean {
  let at = '(depends on'.length
  while (at < note.length - 1) {
    const id = readOneId(note, at)
    if (id !== null) at += id.length
    else if (/[\s,&+/–—-]/u.test(note[at] ?? '')) at++
    else {
      const word = ['and ', 'through ', 'to '].find((joiner) => note.startsWith(joiner, at))
      if (word === undefined) return false
      at += word.length
    }
  }
  return true
}

/** A "**" or "~~" is decoration when text, not a path or a space, stands on its inner side. */
function isDecoration(text: string, at: number, opening: boolean): boolean {
  const inner = opening ? text[at + 2] : text[at - 1]
  const outer = opening ? text[at - 1] : text[at + 2]
  if (inner === undefined || /[\s/*]/u.test(inner)) return false
  return outer === undefined || !/[/*\\]/u.test(outer)
}

/**
 * The title without emphasis, strike, personal tags, official dependency notes and status symbols
 * at its end. Inline code stays as written; a backslash before punctuation is an escape.
 */
export function cleanTitle(text: string, boldOpen = false, strikeOpen = false): CleanTitle {
  const out: string[] = []
  const tags: string[] = []
  const spans = codeSpans(text)
  const open: Record<string, number | null> = { '**': null, '~~': null }
  const pending: Record<string, boolean> = { '**': boldOpen, '~~': strikeOpen }
  let struck = strikeOpen
  let textSeen = false
  let span = 0
  let at = 0
  /** Length of `out` up to which the end is literal and must not be trimmed away. */
  let literal = 0

  while (at < text.length) {
    const code = spans[span]
    if (code !== undefined && at >= code[0]) {
      out.push(text.slice(at, code[1]))
      textSeen = true
      at = Math.max(at, code[1])
      span++
      continue
    }
    const char = text[at] ?? ''
    const pair = text.slice(at, at + 2)
    if (char === '\\' && PUNCTUATION.test(text[at + 1] ?? ' ')) {
      out.push(text[at + 1] ?? '')
      textSeen = true
      literal = out.length
      at += 2
    } else if (pair === '&#' && referenceAt(text, at) !== null) {
      const reference = referenceAt(text, at)
      out.push(reference?.char ?? '')
      textSeen = true
      literal = out.length
      at = reference?.end ?? at + 2
    } else if (pair === '**' || pair === '~~') {
      if (pending[pair] && isDecoration(text, at, false)) pending[pair] = false
      else if (open[pair] !== null && isDecoration(text, at, false)) {
        out[open[pair] ?? 0] = ''
        open[pair] = null
      } else {
        if (open[pair] === null && isDecoration(text, at, true)) {
          open[pair] = out.length
          if (pair === '~~' && !textSeen) struck = true
        }
        out.push(pair)
      }
      at += 2
    } else if (char === '[' || char === '(') {
      const regex = char === '[' ? PERSONAL_TAG : DEPENDS_NOTE
      regex.lastIndex = at
      const match = regex.exec(text)
      if (match !== null && char === '[') tags.push(match[1] ?? '')
      if (match !== null && (char === '[' || holdsOnlyIds(match[0]))) at += match[0].length
      else {
        out.push(char)
        at++
      }
    } else {
      if (char.trim() !== '') textSeen = true
      out.push(char)
      at++
    }
  }
  if (open['~~'] !== null && struck && !strikeOpen) struck = false
  return { title: trimEnd(out, literal), tags, struck }
}

/** Joins, folds white space, and drops status symbols from the end. */
function trimEnd(out: string[], literal: number): string {
  const tail = out.slice(literal).join('')
  let end = tail.length
  for (let i = 0; i < 8; i++) {
    const trimmed = tail.slice(0, end).trimEnd()
    end = trimmed.length
    const last = [...trimmed.slice(-3)]
    const symbol = last.findIndex((char) => markFromSymbol(char) !== null)
    if (symbol === -1) break
    const cut = last.slice(symbol).join('').length
    const read = readSymbol(trimmed, end - cut)
    if (read === null || read.end !== end) break
    end -= cut
  }
  return `${out.slice(0, literal).join('')}${tail.slice(0, end)}`.replace(/\s+/gu, ' ').trim()
}
