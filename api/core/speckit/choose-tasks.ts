import type { Candidate, Candidates, HeadingCandidate } from './find-candidates.ts'
import { IdIndex } from './id-index.ts'
import type { ReadId } from './task-id.ts'
import type { SkipReason } from './types.ts'

export function candidateId(candidate: Candidate): ReadId {
  return candidate.kind === 'row' ? candidate.row.id : candidate.head.id
}

/** A heading that shows where the work stands is the task itself, not a title over one. */
function showsStatus(candidate: HeadingCandidate): boolean {
  return candidate.box !== null || candidate.head.symbol !== null
}

/** For each heading candidate, the line index at which its section ends. */
function sectionEnds(found: Candidates, lineCount: number): Map<number, number> {
  const ends = new Map<number, number>()
  const open: { index: number; level: number }[] = []
  for (const [index, heading] of found.headings) {
    while (open.length > 0 && (open.at(-1)?.level ?? 0) >= heading.level) {
      const closed = open.pop()
      if (closed !== undefined) ends.set(closed.index, index)
    }
    open.push({ index, level: heading.level })
  }
  for (const { index } of open) ends.set(index, lineCount)
  return ends
}

/**
 * Decides which candidates are tasks and which only name one. A checkbox is a task, and an id may
 * come twice. A heading with a status is the task when no checkbox of its own section carries its
 * id, and then checkboxes elsewhere with that id are references to it. A heading or table row
 * without either counts only when nothing else has its id.
 */
export function chooseTasks(
  found: Candidates,
  lineCount: number,
): { tasks: Candidate[]; skipped: { index: number; reason: SkipReason }[] } {
  const ends = sectionEnds(found, lineCount)
  const skipped: { index: number; reason: SkipReason }[] = []
  const boxes = new Map<string, number[]>()
  for (const candidate of found.candidates) {
    if (candidate.kind !== 'item') continue
    const id = candidateId(candidate).canonical
    const at = boxes.get(id)
    if (at === undefined) boxes.set(id, [candidate.index])
    else at.push(candidate.index)
  }

  const statusHeadings = new Set<string>()
  for (const candidate of found.candidates) {
    if (candidate.kind !== 'heading' || !showsStatus(candidate)) continue
    const id = candidateId(candidate).canonical
    const end = ends.get(candidate.index) ?? lineCount
    const own = firstAfter(boxes.get(id) ?? [], candidate.index)
    if (own === null || own >= end) statusHeadings.add(id)
  }

  const taken = new IdIndex()
  const accepted = new Set<Candidate>()
  const pass = (kind: Candidate['kind'], accept: (candidate: Candidate) => SkipReason | null) => {
    for (const candidate of found.candidates) {
      if (candidate.kind !== kind || accepted.has(candidate)) continue
      const reason = accept(candidate)
      if (reason === null) {
        accepted.add(candidate)
        taken.add(candidateId(candidate).parts)
      } else skipped.push({ index: candidate.index, reason })
    }
  }
  pass('item', (candidate) =>
    statusHeadings.has(candidateId(candidate).canonical) ? 'checkbox_reference' : null,
  )
  for (const candidate of found.candidates) {
    if (candidate.kind !== 'heading' || !statusHeadings.has(candidateId(candidate).canonical))
      continue
    if (!showsStatus(candidate)) continue
    accepted.add(candidate)
    taken.add(candidateId(candidate).parts)
  }
  pass('heading', (candidate) =>
    taken.hasAny(candidateId(candidate).parts) ? 'heading_reference' : null,
  )
  pass('row', (candidate) =>
    taken.hasAny(candidateId(candidate).parts) ? 'table_reference' : null,
  )
  return { tasks: found.candidates.filter((candidate) => accepted.has(candidate)), skipped }
}

/** Smallest value above `floor` in an ascending list. */
function firstAfter(ascending: readonly number[], floor: number): number | null {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) > floor) high = middle
    else low = middle + 1
  }
  return ascending[low] ?? null
}
