import { oneLine } from '../one-line.ts'
import type { Fields, Json, Reading } from './fields.ts'
import { beginsItem, itemsOf, textOfSection, trimBlank } from './markdown-text.ts'
import type { Shape } from './shapes.ts'

/** Where a field stands: lines from `start` up to `end`. */
export interface Place {
  field: string
  start: number
  end: number
  /** What the place is called where people look: the heading's line of a section. */
  heading: string | null
}

export interface MarkdownReading extends Reading {
  source: readonly string[]
  /** In the order of the file; they do not overlap. */
  places: readonly Place[]
}

// What comes last takes any character: a `.` that stops before a U+2028 would have all the ways to
// share out the spaces before it tried, which takes minutes.
const headLine = /^\s*(?:[-*+]\s+)?\*\*([^*:]{1,100}):?\*\*\s*:?([\s\S]*)$/
const sectionLine = /^##(?:\s([\s\S]*))?$/

/** Reads the fields of a text with plain line ends. */
export function readMarkdown(text: string, shape: Shape): MarkdownReading {
  const source = text.split('\n')
  const problems: Reading['problems'] = []
  const fields: Record<string, Json> = {}
  const lines: Record<string, number> = {}
  const places: Place[] = []
  const take = (place: Place, value: Json, line: number) => {
    if (place.field in fields) {
      const message = `"${source[line]?.trim().slice(0, 80)}" stands here a second time (first in line ${lines[place.field]}); keep one of the two`
      problems.push({ line: line + 1, column: 1, message })
      return
    }
    fields[place.field] = value
    lines[place.field] = line + 1
    places.push(place)
  }

  const sections = sectionsOf(source)
  const headEnd = sections[0]?.line ?? source.length
  let titled = false
  for (let line = 0; line < headEnd; line++) {
    const content = source[line] ?? ''
    const place = { start: line, end: line + 1, heading: null }
    if (!titled && /^#\s/.test(content)) {
      titled = true
      take({ ...place, field: shape.title }, oneLine(content.slice(1)), line)
      continue
    }
    const [, name = '', value = ''] = headLine.exec(content) ?? []
    const known = own(shape.head, name.trim().toLowerCase())
    if (!known) continue
    const word = oneLine(value)
    if (known.kind !== 'number') take({ ...place, field: known.field }, word || null, line)
    else if (/^\d{0,9}$/.test(word)) {
      take({ ...place, field: known.field }, word === '' ? null : Number(word), line)
    } else {
      const column = content.indexOf(word) + 1
      problems.push({ line: line + 1, column, message: `${name}: must be a whole number` })
    }
  }
  for (const { name, line, end } of sections) {
    const known = own(shape.sections, name)
    if (!known) continue
    const body = source.slice(line + 1, end)
    const heading = source[line] ?? ''
    const whole = { field: known.field, start: line + 1, end, heading }
    if (known.kind === 'text') take(whole, textOfSection(body), line)
    else if (known.kind === 'generated') take(whole, trimBlank(body).join('\n'), line)
    else {
      const first = body.findIndex(beginsItem)
      const preface = trimBlank(first === -1 ? body : body.slice(0, first)).length > 0
      const start = !preface ? whole.start : first === -1 ? end : whole.start + first
      take({ ...whole, start }, first === -1 ? [] : itemsOf(body.slice(first)), line)
    }
  }
  return { fields: fields as Fields, lines, problems, source, places }
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined

function sectionsOf(source: readonly string[]) {
  const begins = source.flatMap((content, line) => {
    const found = sectionLine.exec(content)
    return found ? [{ name: oneLine(found[1] ?? '').toLowerCase(), line }] : []
  })
  return begins.map((it, index) => ({ ...it, end: begins[index + 1]?.line ?? source.length }))
}
