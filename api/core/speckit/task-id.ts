/** An id, range ("T029–T034") or list ("T061/T062") as written at one place. */
export interface ReadId {
  /** Without white space, the leading letter in upper case. */
  canonical: string
  /** Every id that is spelled out, and the two ends of each range. */
  parts: IdPart[]
  end: number
}

export type IdPart = { from: string; to: string | null }

/**
 * One id: T012, T006a, T083-B, T009.5, T-001, T-HF01, T028'. Each repeat is bounded, so matching is
 * linear. Two-letter look-alikes ("T5-base") are refused by `readOneId`.
 */
const ONE =
  /(?:[Tt]-?\d{1,6}|T-[A-Z]{1,5}-?\d{1,4})(?:\.\d{1,4}){0,3}(?:[A-Za-z](?![A-Za-z0-9_])|-[A-Z](?![A-Za-z0-9_-]))?(?:['′’](?![A-Za-z]))?(?![A-Za-z0-9_])/uy
const RANGE = /(?:[-–—‒−~〜～]|\.{2,3}|…)/uy
const SPACED_RANGE = /[ \u00a0](?:[-–—‒−~〜～]|through|thru|to|bis|até|至|到|から)[ \u00a0]/uy
const BARE_END = /\d{3,6}[a-z]?(?![\w.])/uy
const SEPARATOR = /[ \u00a0]?[/,+&、，][ \u00a0]?/uy
const DIGITS = /\d+/u

function at(regex: RegExp, text: string, position: number): string | null {
  regex.lastIndex = position
  return regex.exec(text)?.[0] ?? null
}

/** The single id that starts at `position`, as written; null when there is none. */
export function readOneId(text: string, position: number): string | null {
  const found = at(ONE, text, position)
  if (found === null) return null
  const digits = DIGITS.exec(found)?.[0].length ?? 0
  if (digits >= 3 || found.startsWith('T-')) return found
  if (found.startsWith('t')) return null
  const after = text.slice(position + found.length, position + found.length + 2)
  return /^-[A-Za-z]/u.test(after) ? null : found
}

/** T012 and t012 are one id; a suffix keeps its case. */
export function canonicalId(raw: string): string {
  return `T${raw.slice(1)}`
}

const NUMBERED = /^(T-?(?:[A-Z]+-?)?)(\d+)/u

/** Prefix, number and width of an id; null for a shape without a number. */
export function idNumber(id: string): { prefix: string; value: number; width: number } | null {
  const match = NUMBERED.exec(id)
  if (match?.[1] === undefined || match[2] === undefined) return null
  return { prefix: match[1], value: Number(match[2]), width: match[2].length }
}

function ascending(from: string, to: string): boolean {
  const a = idNumber(from)
  const b = idNumber(to)
  return a !== null && b !== null && a.prefix === b.prefix && b.value > a.value
}

function readRangeEnd(text: string, position: number, from: string): [string, number] | null {
  const tight = at(RANGE, text, position)
  if (tight !== null) {
    const start = position + tight.length
    const full = readOneId(text, start)
    if (full !== null && ascending(from, canonicalId(full))) {
      return [canonicalId(full), start + full.length]
    }
    const bare = at(BARE_END, text, start)
    const head = idNumber(from)
    if (bare !== null && head !== null && bare.replace(/\D/u, '').length === head.width) {
      const to = `${head.prefix}${bare}`
      if (ascending(from, to)) return [to, start + bare.length]
    }
    return null
  }
  const spaced = at(SPACED_RANGE, text, position)
  if (spaced === null) return null
  const start = position + spaced.length
  const full = readOneId(text, start)
  if (full === null) return null
  const to = canonicalId(full)
  const same = idNumber(from)?.width === idNumber(to)?.width
  return same && ascending(from, to) ? [to, start + full.length] : null
}

/** The id, range or list of ids that starts at `position`; one written group is one task. */
export function readId(text: string, position: number): ReadId | null {
  const parts: IdPart[] = []
  let end = position
  let next = position
  while (parts.length < 50) {
    const raw = readOneId(text, next)
    if (raw === null) break
    const from = canonicalId(raw)
    end = next + raw.length
    const range = readRangeEnd(text, end, from)
    parts.push({ from, to: range?.[0] ?? null })
    if (range !== null) end = range[1]
    const separator = at(SEPARATOR, text, end)
    if (separator === null) break
    next = end + separator.length
  }
  if (parts.length === 0) return null
  const written = text.slice(position, end).replace(/\s+/gu, '')
  return { canonical: canonicalId(written), parts, end }
}

const BRACKETED = /^[A-Z]{1,4}\d{3,5}[a-z]?$/u
const REQUIREMENT = /^(?:US|FR|NFR|NF|SC|REQ|AC|UC|ADR|BR|TC|EC)\d/u

/**
 * The id inside "[T034]", or "[S001]" in files that number by area. Requirement tags ("[FR019]")
 * and one-digit tags ("[S1]") are labels.
 */
export function bracketedId(content: string): ReadId | null {
  const id = readId(content, 0)
  if (id !== null && id.end === content.length) return id
  if (!BRACKETED.test(content) || REQUIREMENT.test(content)) return null
  return { canonical: content, parts: [{ from: content, to: null }], end: content.length }
}
