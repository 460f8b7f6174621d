import { indentOf } from './scan-lines.ts'

/** The start of a list item. */
export interface Item {
  /** Column of the bullet. */
  indent: number
  /** Column where the item's own text starts, checkbox not counted. */
  contentColumn: number
  /** Present for "- [ ]". */
  box: Box | null
  /** Offset in the line of what follows bullet and box. */
  textStart: number
}

export interface Box {
  /** The character between the brackets; ' ' for an empty pair. */
  mark: string
  /** Offset in the line of the character to patch; null for "[]" and for a symbol of two units. */
  offset: number | null
}

const PREFIX = /^(?:[ \t]{0,3}(?:> ?){1,10})?/u
const BULLET = /^(?:[-*+•]|\d{1,9}[.)])[ \t\u00a0]+/u
const MARK = /^(?:[ \u00a0]{0,2})([^\s[\]\p{L}\p{N}]\ufe0f?|\p{Lu}|\p{Ll})[ \u00a0]{0,2}$/u

/** "[ ]", "[x]", "[X ]", "[]" at `at`. Letters other than x are marks too, but P is the parallel tag. */
export function readBox(text: string, at: number): { box: Box; end: number } | null {
  if (text[at] !== '[') return null
  const close = text.slice(at, at + 8).indexOf(']')
  if (close === -1) return null
  const end = at + close + 1
  const content = text.slice(at + 1, end - 1)
  const after = text[end]
  if (after !== undefined && after !== ' ' && after !== '\u00a0' && after !== '\t') {
    if (after === '(' || after === '[' || after === ':') return null
  }
  if (/^[ \u00a0\t]*$/u.test(content)) {
    return { box: { mark: ' ', offset: content === '' ? null : at + 1 }, end }
  }
  const mark = MARK.exec(content)?.[1]
  if (mark === undefined || mark === 'P' || mark === 'p') return null
  const offset = at + 1 + content.indexOf(mark)
  return { box: { mark, offset: mark.length === 1 ? offset : null }, end }
}

/** Reads "- [ ] ", "* ", "3. [x] ", and a bare "[ ] " without a bullet. Null for anything else. */
export function readItem(text: string): Item | null {
  const quote = PREFIX.exec(text)?.[0].length ?? 0
  const white = indentOf(text.slice(quote))
  const start = quote + white.chars
  const bullet = BULLET.exec(text.slice(start, start + 80))?.[0]
  const boxAt = start + (bullet?.length ?? 0)
  const read = readBox(text, boxAt)
  if (bullet === undefined && read === null) return null
  return {
    indent: white.columns,
    contentColumn: white.columns + (bullet === undefined ? 2 : Math.min(bullet.length, 5)),
    box: read?.box ?? null,
    textStart: read?.end ?? boxAt,
  }
}
