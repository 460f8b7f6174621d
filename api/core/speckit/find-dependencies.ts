import { breakCycles } from './break-cycles.ts'
import { BETWEEN_LIMIT, isDependencyColumn, readOrder, readOwnOrder } from './dependency-words.ts'
import { type Edge, EdgeSet } from './edge-set.ts'
import { type IdGroup, idGroups, withoutNotes } from './id-groups.ts'
import { MermaidReader } from './mermaid-edges.ts'
import type { PlacedTask } from './placed-task.ts'
import type { Line } from './scan-lines.ts'
import { cellId, readCells, type TableHeader } from './table-row.ts'
import { TaskLookup } from './task-lookup.ts'
import type { ParsedDependency, SkipReason } from './types.ts'

interface Reading {
  lookup: TaskLookup
  edges: EdgeSet
}

/** Whose line it is: a task in its own lines, or the ids that a line of prose starts with. */
interface Subject {
  indexes: number[]
  /** In the task's own lines "depends on" is explicit. */
  own: boolean
}

/**
 * Reads who waits for whom. Explicit notes in a task's own lines are hard; arrows, sentences, tables
 * and diagrams are suggestions. Phase order makes no edges: it is in `phases` for who wants it.
 */
export function findDependencies(
  lines: readonly Line[],
  placed: readonly PlacedTask[],
  tables: ReadonlyMap<number, TableHeader>,
): { dependencies: ParsedDependency[]; skipped: { index: number; reason: SkipReason }[] } {
  const reading: Reading = { lookup: new TaskLookup(placed), edges: new EdgeSet(placed.length) }
  let next = 0
  let current: PlacedTask | undefined
  const diagrams = new Map<number, MermaidReader>()

  for (const [index, line] of lines.entries()) {
    if (placed[next]?.start === index) current = placed[next++]
    const owner = current !== undefined && index < current.end ? next - 1 : null
    if (line.blank || line.place === 'comment' || line.place === 'front_matter') continue
    if (!/[Tt]-?[A-Z\d]/u.test(line.text)) continue
    if (line.fenceInfo === 'mermaid' && line.fence !== null) {
      const diagram = diagrams.get(line.fence) ?? new MermaidReader()
      diagrams.set(line.fence, diagram)
      for (const edge of diagram.read(line.text)) connect(reading, edge.from, edge.to, index)
      continue
    }
    const header = tables.get(index)
    if (header !== undefined) readTableRow(reading, line, index, header)
    const isStart = owner !== null && current?.start === index
    const text = plain(isStart ? ownText(line, current) : line.text)
    readLine(reading, text, index, owner === null ? null : { indexes: [owner], own: true })
  }

  const edges = reading.edges.edges()
  for (const edge of breakCycles(edges)) reading.edges.skip(edge.index, 'dependency_cycle')
  return { dependencies: edges.map((edge) => named(edge, placed)), skipped: reading.edges.skipped }
}

function named(edge: Edge, placed: readonly PlacedTask[]): ParsedDependency {
  const key = (index: number) => {
    const task = placed[index]?.task
    return { externalId: task?.externalId ?? '', occurrence: task?.occurrence ?? 1 }
  }
  return {
    task: key(edge.from),
    dependsOn: key(edge.to),
    kind: edge.kind,
    confidence: edge.confidence,
    line: edge.index + 1,
  }
}

/** The first line of a task without its own id, at the same offsets. */
function ownText(line: Line, placed: PlacedTask | undefined): string {
  if (placed === undefined) return line.text
  const { candidate } = placed
  if (candidate.kind === 'row') return ''
  return ' '.repeat(candidate.head.id.end) + line.text.slice(candidate.head.id.end)
}

/** Emphasis and code marks as blanks, so that they do not part words. */
function plain(text: string): string {
  return text.replace(/[*`~]/gu, ' ')
}

function connect(
  { lookup, edges }: Reading,
  from: IdGroup['parts'],
  to: IdGroup['parts'],
  index: number,
): void {
  const waiting = lookup.findAll(from, null)
  const first = lookup.findAll(to, null)
  if (waiting.unknown || first.unknown) edges.skip(index, 'dependency_on_unknown_id')
  edges.addAll(waiting.indexes, first.indexes, { kind: 'suggested', confidence: 0.8, index })
}

function readTableRow(
  { lookup, edges }: Reading,
  line: Line,
  index: number,
  header: TableHeader,
): void {
  if (!header.names.some(isDependencyColumn)) return
  const cells = readCells(line.text) ?? []
  const subject = cells.map((cell) => cellId(cell)).find((id) => id !== null)
  if (subject === undefined || subject === null) return
  const waiting = lookup.findAll(subject.parts, null)
  for (const [column, cell] of cells.entries()) {
    if (!isDependencyColumn(header.names[column] ?? '')) continue
    for (const group of idGroups(plain(cell.text))) {
      const first = lookup.findAll(group.parts, null)
      if (waiting.unknown || first.unknown) edges.skip(index, 'dependency_on_unknown_id')
      edges.addAll(waiting.indexes, first.indexes, { kind: 'suggested', confidence: 0.8, index })
    }
  }
}

function readLine(reading: Reading, text: string, index: number, owner: Subject | null): void {
  const groups = idGroups(text)
  if (groups.length === 0) return
  const { lookup, edges } = reading
  const subject = owner ?? leadingSubject(reading, text, groups[0])
  const before = owner === null ? null : (owner.indexes[0] ?? null)

  for (const [position, group] of groups.entries()) {
    const previous = groups[position - 1]
    const from = previous?.end ?? 0
    const raw = text.slice(Math.max(from, group.start - 200), group.start)
    const opensNote = /\([^()]{0,40}$/u.test(raw)
    if (subject !== null && (previous === undefined || opensNote || raw.length > 0)) {
      const own =
        owner === null && previous === undefined
          ? null
          : readOwnOrder(raw, previous === undefined && group.start <= 200)
      const explicit = own?.kind === 'hard'
      // "T011 depends on T010" is about T011; "extends T009, depends on T010" about the subject.
      const goesOn = subject.own && explicit && /^\s*[,—–-]/u.test(raw)
      const pairFirst =
        previous !== undefined && !opensNote && !goesOn && pairs(text, previous, group)
      if (own !== null && !pairFirst) {
        const target = lookup.findAll(group.parts, before)
        if (target.unknown) edges.skip(index, 'dependency_on_unknown_id')
        const kind = subject.own ? own.kind : 'suggested'
        const confidence = subject.own ? own.confidence : Math.min(own.confidence, 0.8)
        const edge = { kind, confidence, index }
        if (own.order === 'left_waits') edges.addAll(subject.indexes, target.indexes, edge)
        else edges.addAll(target.indexes, subject.indexes, edge)
        continue
      }
    }
    if (previous !== undefined) readPair(reading, text, previous, group, index)
  }
}

function between(text: string, left: IdGroup, right: IdGroup): string | null {
  if (right.start - left.end > BETWEEN_LIMIT * 3) return null
  return withoutNotes(text.slice(left.end, right.start))
}

function pairs(text: string, left: IdGroup, right: IdGroup): boolean {
  const gap = between(text, left, right)
  return gap !== null && readOrder(gap) !== null
}

function readPair(
  { lookup, edges }: Reading,
  text: string,
  left: IdGroup,
  right: IdGroup,
  index: number,
): void {
  const gap = between(text, left, right)
  const order = gap === null ? null : readOrder(gap)
  if (order === null) return
  const [waiting, first] = order.order === 'left_waits' ? [left, right] : [right, left]
  const from = lookup.findAll(waiting.parts, null)
  const to = lookup.findAll(first.parts, null)
  if (from.unknown || to.unknown) edges.skip(index, 'dependency_on_unknown_id')
  edges.addAll(from.indexes, to.indexes, { kind: 'suggested', confidence: order.confidence, index })
}

/** "T013 [US1]: … (depends on T004)" in prose: the line is about the ids it starts with. */
function leadingSubject(
  { lookup }: Reading,
  text: string,
  first: IdGroup | undefined,
): Subject | null {
  if (first === undefined || first.start > 12) return null
  if (!/^[\s>+#\d.)-]{0,12}$/u.test(text.slice(0, first.start))) return null
  return { indexes: lookup.findAll(first.parts, null).indexes, own: false }
}
