import { type IdPart, readId } from './task-id.ts'

/** Ids that are named together: "T003, T004 and T006–T008". */
export interface IdGroup {
  parts: IdPart[]
  start: number
  end: number
}

const START = /(?<![\p{L}\p{N}_/.-])[Tt]-?[A-Z\d]/gu
const JOINER =
  /^[\s*_`\])]{0,6}(?:[,，、&+/]|,? ?(?:and|or|und|et|y|e|и|和|及|と)(?: on)?)[\s*_`[(]{0,6}$/u
const NOTE = /\([^()]{0,120}\)|\[[^[\]]{0,60}\]/gu

/** Blanks notes in parentheses and brackets that name no id, so that they do not part what they explain. */
export function withoutNotes(text: string): string {
  return text.replace(NOTE, (note) => (/T-?\d/u.test(note) ? note : ''))
}

/** Finds the groups of ids in a line, in order. Linear: each match starts after the one before. */
export function idGroups(text: string): IdGroup[] {
  const groups: IdGroup[] = []
  START.lastIndex = 0
  for (let match = START.exec(text); match !== null; match = START.exec(text)) {
    const id = readId(text, match.index)
    if (id === null) continue
    START.lastIndex = id.end
    const last = groups.at(-1)
    const gap = last === undefined ? '' : text.slice(last.end, match.index)
    if (last !== undefined && gap.length <= 140 && JOINER.test(withoutNotes(gap))) {
      last.parts.push(...id.parts)
      last.end = id.end
    } else groups.push({ parts: [...id.parts], start: match.index, end: id.end })
  }
  return groups
}
