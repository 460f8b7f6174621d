import type { Candidate } from './find-candidates.ts'
import { readHeading } from './phase-heading.ts'
import { readItem } from './read-item.ts'
import { indentOf, type Line } from './scan-lines.ts'

export interface TaskText {
  /** The first paragraph after the head, wrapped lines joined by a space. */
  paragraph: string
  /** Everything below it that belongs to the task, dedented. */
  body: string
  /** Index after the last line of the task. */
  end: number
}

const TITLE_LIMIT = 300
const RULE = /^[ \t]*[-*_]{3}[-*_ \t]*$/u

/** A line that goes on with the paragraph above it: text, not the start of a list, quote, label or table. */
function continues(line: Line, previous: Line): boolean {
  if (line.place !== 'text' || line.blank || previous.raw.endsWith('  ')) return false
  const text = line.text.trim()
  if (text === '' || previous.text.trimEnd().endsWith('\\')) return false
  if (/^(?:[>|#]|\*\*[^*]{1,60}(?::\*\*|\*\*\s?[:：])|[*_][^*_]{1,60}:)/u.test(text)) return false
  return readItem(line.text) === null && readHeading(line.text) === null && !RULE.test(text)
}

function itemEnd(
  lines: readonly Line[],
  from: number,
  indent: number,
  content: number,
  stops: ReadonlySet<number>,
): number {
  let end = from
  let afterBlank = false
  for (let i = from; i < lines.length; i++) {
    const line = lines[i]
    if (line === undefined || stops.has(i)) break
    if (line.blank && line.fence === null) {
      afterBlank = true
      continue
    }
    const insideFence = line.fence !== null && line.fence < i && line.fence >= from
    if (!insideFence && line.indent < content && readHeading(line.text) !== null) break
    const lazy = !afterBlank && line.place === 'text' && /^[a-z(]/u.test(line.text.trimStart())
    if (!insideFence && line.indent <= indent && !lazy) break
    afterBlank = false
    end = i + 1
  }
  return end
}

function headingEnd(
  lines: readonly Line[],
  from: number,
  level: number,
  stops: ReadonlySet<number>,
): number {
  let end = from
  for (let i = from; i < lines.length; i++) {
    const line = lines[i]
    if (line === undefined || stops.has(i)) break
    const heading = line.place === 'text' ? readHeading(line.text) : null
    if (heading !== null && heading.level <= level) break
    if (!line.blank && !(line.place === 'text' && RULE.test(line.text))) end = i + 1
  }
  return end
}

function dedent(lines: readonly Line[]): string {
  const texts = lines.map((line) => line.raw)
  let width = Number.POSITIVE_INFINITY
  for (const text of texts) {
    if (text.trim() !== '') width = Math.min(width, indentOf(text).chars)
  }
  const cut = Number.isFinite(width) ? width : 0
  return texts
    .map((text) => (text.trim() === '' ? '' : text.slice(cut).trimEnd()))
    .join('\n')
    .replace(/^\n+/u, '')
    .trimEnd()
}

/** Reads title paragraph and body of a task. `stops` are the lines on which other tasks start. */
export function readTaskText(
  lines: readonly Line[],
  candidate: Candidate,
  stops: ReadonlySet<number>,
): TaskText {
  const first = lines[candidate.index]
  const next = candidate.index + 1
  if (candidate.kind === 'row') {
    const others = candidate.row.others.map(({ name, text }) =>
      name === '' ? text : `${name}: ${text}`,
    )
    return { paragraph: candidate.row.title.text, body: others.join('\n'), end: next }
  }
  const rest = first?.text.slice(candidate.head.titleStart) ?? ''
  if (candidate.kind === 'heading') {
    const end = headingEnd(lines, next, candidate.level, stops)
    return {
      paragraph: rest.replace(/[ \t]#+[ \t]*$/u, ''),
      body: dedent(lines.slice(next, end)),
      end,
    }
  }
  const end = itemEnd(lines, next, candidate.indent, candidate.contentColumn, stops)
  const wrapped: string[] = [rest.trimEnd()]
  let bodyFrom = next
  for (; bodyFrom < end; bodyFrom++) {
    const line = lines[bodyFrom]
    const previous = lines[bodyFrom - 1]
    if (line === undefined || previous === undefined || !continues(line, previous)) break
    wrapped.push(line.text.trim())
  }
  return {
    paragraph: wrapped.join(' ').replace(/ {2}$/u, ''),
    body: dedent(lines.slice(bodyFrom, end)),
    end,
  }
}

/**
 * A title is a line on a card, so a paragraph of more than 300 characters gives its first sentence
 * (or a cut) and stays whole at the top of the body. Nothing is lost.
 */
export function splitTitle(title: string, body: string): { title: string; body: string } {
  if (title.length <= TITLE_LIMIT) return { title, body }
  const head = title.slice(0, TITLE_LIMIT)
  const full = body === '' ? title : `${title}\n\n${body}`
  const sentence = /^[\s\S]{20,}?[.。!?！？](?=[\s\p{Lo}])/u.exec(head)?.[0]
  if (sentence !== undefined) return { title: sentence, body: full }
  const space = head.lastIndexOf(' ')
  const cut = head.slice(0, space > TITLE_LIMIT / 2 ? space : TITLE_LIMIT - 1)
  return { title: `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`, body: full }
}
