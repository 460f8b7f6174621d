import { blankCode } from './code-spans.ts'
import { SPECKIT_LIMITS } from './limits.ts'
import { SpecKitError } from './speckit-error.ts'

export type LinePlace = 'text' | 'fence' | 'comment' | 'front_matter'

export interface Line {
  /** UTF-16 offset of the first character in the file. */
  start: number
  /** Without its line end, and without the BOM. */
  raw: string
  /** `raw` with comments blanked; every offset stays where it was. */
  text: string
  /** Columns before the first visible character, tabs to the next multiple of four. */
  indent: number
  blank: boolean
  place: LinePlace
  /** Index of the line that opened the fence this line is in (its own for the opening line). */
  fence: number | null
  /** First word after the opening marker ("mermaid", "bash"), lower case; '' without one. */
  fenceInfo: string
}

const FENCE = /^(?:[-*+] +|\d{1,9}[.)] +)?(`{3,}|~{3,})(.*)$/u
const LIST_MARKER = /^(?:[-*+]|\d{1,9}[.)])(?=\s|$)/u

interface OpenFence {
  line: number
  char: string
  length: number
  info: string
  /** A less indented line ends the list item, and the fence with it. */
  minIndent: number
  quoted: boolean
}

/** Width in columns and length in characters of the white space at the start of a line. */
export function indentOf(text: string): { columns: number; chars: number } {
  let columns = 0
  let chars = 0
  for (; chars < text.length; chars++) {
    const char = text[chars]
    if (char === '\t') columns += 4 - (columns % 4)
    else if (char === ' ' || char === '\u00a0' || char === '\u3000') columns++
    else break
  }
  return { columns, chars }
}

function splitLines(text: string): { start: number; raw: string }[] {
  const lines: { start: number; raw: string }[] = []
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0
  for (let i = start; i <= text.length; i++) {
    const unit = i === text.length ? 10 : text.charCodeAt(i)
    if (unit !== 10 && unit !== 13) continue
    if (i === text.length && start === i) break
    if (i - start > SPECKIT_LIMITS.line) {
      throw new SpecKitError(
        'line_too_long',
        `the line has ${i - start} characters and ${SPECKIT_LIMITS.line} are allowed; break it up`,
        lines.length + 1,
      )
    }
    lines.push({ start, raw: text.slice(start, i) })
    if (unit === 13 && text.charCodeAt(i + 1) === 10) i++
    start = i + 1
    if (lines.length > SPECKIT_LIMITS.lines) {
      throw new SpecKitError(
        'too_many_lines',
        `the file has more than ${SPECKIT_LIMITS.lines} lines; split the feature into several specs`,
      )
    }
  }
  return lines
}

/** Lines of the YAML block at the very start, closing line included; 0 when the first rule is just a rule. */
function frontMatterLength(lines: readonly { raw: string }[]): number {
  if (lines[0] === undefined || lines[0].raw.trimEnd() !== '---') return 0
  let keySeen = false
  for (let i = 1; i < Math.min(lines.length, 300); i++) {
    const raw = lines[i]?.raw.trimEnd() ?? ''
    if (raw === '---' || raw === '...') return keySeen ? i + 1 : 0
    if (raw === '') continue
    if (!keySeen && !/^[A-Za-z_"'][^:]{0,100}:/u.test(raw)) return 0
    keySeen = true
  }
  return 0
}

/** Splits a Markdown file into lines and says which are code, comment or front matter. Linear. */
export function scanLines(text: string): Line[] {
  const split = splitLines(text)
  const frontMatter = frontMatterLength(split)
  const lastCommentEnd = text.lastIndexOf('-->')
  const lines: Line[] = []
  const listContents: number[] = []
  let fence: OpenFence | null = null
  let inComment = false

  for (const [index, { start, raw }] of split.entries()) {
    const line: Line = {
      start,
      raw,
      text: raw,
      indent: 0,
      blank: raw.trim() === '',
      place: index < frontMatter ? 'front_matter' : 'text',
      fence: null,
      fenceInfo: '',
    }
    lines.push(line)
    line.indent = indentOf(raw).columns
    if (line.place === 'front_matter' || (line.blank && fence === null)) continue

    if (fence !== null) {
      const leaves =
        !line.blank &&
        (line.indent < fence.minIndent || (fence.quoted && !raw.trimStart().startsWith('>')))
      if (!leaves) {
        line.place = 'fence'
        line.fence = fence.line
        line.fenceInfo = fence.info
        if (closes(raw, fence)) fence = null
        continue
      }
      fence = null
    }

    const masked = maskComments(raw, start, inComment, lastCommentEnd)
    line.text = masked.text
    inComment = masked.open
    if (masked.text.trim() === '') {
      line.place = 'comment'
      continue
    }

    const unquoted = stripQuote(line.text)
    const body = unquoted.text.trimStart()
    const indent = unquoted.quoted ? indentOf(unquoted.text).columns : line.indent
    while (listContents.length > 0 && indent < (listContents.at(-1) ?? 0)) listContents.pop()
    const opened = FENCE.exec(body)
    const marker = LIST_MARKER.exec(body)?.[0]
    if (marker !== undefined) listContents.push(indent + marker.length + 1)
    const ticks = opened?.[1]
    const info = opened?.[2] ?? ''
    if (ticks !== undefined && !(ticks.startsWith('`') && info.includes('`'))) {
      const column = marker === undefined ? indent : indent + marker.length + 1
      const content = listContents.findLast((c) => c <= column) ?? 0
      fence = {
        line: index,
        char: ticks[0] ?? '`',
        length: ticks.length,
        info: info.trim().split(/[\s{]/u, 1)[0]?.toLowerCase() ?? '',
        minIndent: unquoted.quoted ? 0 : content,
        quoted: unquoted.quoted,
      }
      line.place = 'fence'
      line.fence = index
      line.fenceInfo = fence.info
    }
  }
  return lines
}

function closes(raw: string, fence: OpenFence): boolean {
  const body = (fence.quoted ? stripQuote(raw).text : raw).trim()
  if (body.length < fence.length) return false
  for (const char of body) if (char !== fence.char) return false
  return true
}

/** Takes one level or more of "> " off the start. */
export function stripQuote(text: string): { text: string; quoted: boolean } {
  const match = /^[ \t]{0,3}(?:> ?){1,10}/u.exec(text)
  return match === null
    ? { text, quoted: false }
    : { text: text.slice(match[0].length), quoted: true }
}

/**
 * Blanks HTML comments. One that opens a line may span lines if it is closed somewhere below; one
 * inside a line must close there; "<!--" in inline code is text.
 */
function maskComments(
  raw: string,
  start: number,
  open: boolean,
  lastEnd: number,
): { text: string; open: boolean } {
  if (!open && !raw.includes('<!--')) return { text: raw, open: false }
  const withoutCode = open ? raw : blankCode(raw)
  let text = ''
  let at = 0
  let inside = open
  while (at < raw.length) {
    if (inside) {
      const end = raw.indexOf('-->', at)
      const stop = end === -1 ? raw.length : end + 3
      text += ' '.repeat(stop - at)
      at = stop
      inside = end === -1
      if (inside) break
      continue
    }
    const begin = withoutCode.indexOf('<!--', at)
    if (begin === -1) break
    if (raw.indexOf('-->', begin + 4) === -1) {
      const startsLine = raw.slice(0, begin).trim() === ''
      if (!startsLine || start + begin > lastEnd) break
    }
    text += raw.slice(at, begin)
    at = begin
    inside = true
  }
  return { text: text + raw.slice(at), open: inside }
}
