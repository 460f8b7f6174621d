import { diff3Merge } from 'node-diff3'
import { areComparable } from '../comparable-lines.ts'
import { type Fields, isEmpty, isGenerated, isSame } from './fields.ts'
import type { MarkdownReading, Place } from './read-markdown.ts'

interface MarkdownSides {
  /** The file as it is. */
  file: MarkdownReading
  /** What the template said when the file was last written, if it was. */
  before: MarkdownReading | null
  /** What the template says now. */
  now: MarkdownReading
  /** What our own template says now: how a field is written that the template does not have. */
  plain: MarkdownReading
}

/**
 * The text of a file in which each field says what `wanted` says: either what it says already, then
 * its lines stay as they are, or what the template says now. Free text follows the template as long
 * as nobody has changed it, and stays from then on.
 */
export function writeMarkdown({ file, before, now, plain }: MarkdownSides, wanted: Fields): string {
  const tokens = mergedTokens(tokensOf(file), before && tokensOf(before), tokensOf(now))
  const lines = tokens.flatMap((token) => {
    const field = fieldOf(token)
    if (field === null) return [token]
    if (field in file.fields && isSame(file.fields[field], wanted[field]))
      return linesOf(file, field)
    return linesOf(field in now.fields ? now : field in plain.fields ? plain : file, field)
  })
  const written = new Set(tokens.map(fieldOf))
  const missing = now.places.filter(
    ({ field }) => !written.has(field) && !isGenerated(field) && !isEmpty(wanted[field]),
  )
  return withPlaces(lines, now, missing).join('\n')
}

/** Adds fields that the file has no place for any more: to the head, or as sections at the end. */
function withPlaces(lines: string[], now: MarkdownReading, missing: readonly Place[]): string[] {
  const heads = missing.filter(({ heading }) => heading === null)
  const sections = missing.filter(({ heading }) => heading !== null)
  const added = heads.flatMap(({ field }) => linesOf(now, field))
  const title = lines.findIndex((line) => /^#\s/.test(line))
  const result = [
    ...lines.slice(0, title + 1),
    ...(added.length > 0 ? ['', ...added] : []),
    ...lines.slice(title + 1),
  ]
  for (const { field, heading } of sections) {
    if (result.at(-1) === '') result.pop()
    result.push(...(result.at(-1) === '' ? [] : ['']), heading ?? '', ...linesOf(now, field))
  }
  return result
}

/** Of more free text than can be compared at once the template is followed no more. */
function mergedTokens(file: string[], before: string[] | null, now: string[]): string[] {
  if (before === null || !areComparable(file, before) || !areComparable(now, before)) return file
  const parts: { ok?: string[]; conflict?: { a: string[] } }[] = diff3Merge(file, before, now, {
    excludeFalseConflicts: true,
  })
  const merged = parts.flatMap((part) => part.ok ?? part.conflict?.a ?? [])
  // Moved here by one side and there by the other, a section would stand in both places.
  const fields = merged.filter((token) => token.startsWith(mark))
  return new Set(fields).size === fields.length ? merged : file
}

const mark = '\u0000'
const fieldOf = (token: string) => (token.startsWith(mark) ? token.slice(1) : null)

/** The lines of a text, with one token for each field in it, whatever it says. */
function tokensOf({ source, places }: MarkdownReading): string[] {
  const tokens: string[] = []
  let line = 0
  for (const { field, start, end } of places) {
    tokens.push(...source.slice(line, start), mark + field)
    line = end
  }
  return [...tokens, ...source.slice(line)]
}

function linesOf({ source, places }: MarkdownReading, field: string): readonly string[] {
  const place = places.find((it) => it.field === field)
  return place ? source.slice(place.start, place.end) : []
}
