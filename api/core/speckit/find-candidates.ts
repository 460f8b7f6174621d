import { type Heading, readHeading } from './phase-heading.ts'
import { type Head, readHead } from './read-head.ts'
import { type Box, readItem } from './read-item.ts'
import type { Line } from './scan-lines.ts'
import {
  isSeparatorRow,
  type Row,
  readCells,
  readHeader,
  readRow,
  type TableHeader,
} from './table-row.ts'
import { readOneId } from './task-id.ts'
import type { SkipReason } from './types.ts'

interface Base {
  /** 0-based index of the line. */
  index: number
}
export interface ItemCandidate extends Base {
  kind: 'item'
  head: Head
  box: Box
  indent: number
  contentColumn: number
}
export interface HeadingCandidate extends Base {
  kind: 'heading'
  head: Head
  box: Box | null
  level: number
}
export interface RowCandidate extends Base {
  kind: 'row'
  row: Row
}
export type Candidate = ItemCandidate | HeadingCandidate | RowCandidate

export interface Candidates {
  candidates: Candidate[]
  /** Headings by line index. */
  headings: Map<number, Heading>
  /** Header of the table that the line is a row of. */
  tableHeaders: Map<number, TableHeader>
  skipped: { index: number; reason: SkipReason }[]
}

/** What a line without a checkbox looks like; null when it does not resemble a task. */
function resembles(text: string, hasBullet: boolean, start: number): SkipReason | null {
  const rest = text.slice(start, start + 200)
  if (hasBullet && /^\[[Pp]\]/u.test(rest)) {
    return readHead(rest, 0) === null ? 'legend' : 'bullet_without_checkbox'
  }
  const head = readHead(rest, 0)
  if (head === null) return null
  return hasBullet ? 'bullet_without_checkbox' : 'prose'
}

const LIST_BULLET = /^[ \t\u00a0]*(?:[-*+•]|\d{1,9}[.)])[ \t\u00a0]+/u

function hiddenReason(line: Line): SkipReason {
  if (line.place === 'fence') return 'in_fence'
  return line.place === 'comment' ? 'in_comment' : 'in_front_matter'
}

/** A line in code, comment or front matter that would be a task, or quotes one, outside it. */
function looksHidden(line: Line): boolean {
  if (!/T-?\d|\[[ xX]\]/u.test(line.raw.slice(0, 400))) return false
  const raw = line.raw.slice(0, 400).replace('<!--', '')
  const item = readItem(raw)
  const start = item?.textStart ?? raw.length - raw.trimStart().length
  const quoted = /^Task:? ?["“]?/u.exec(raw.slice(start))?.[0].length ?? 0
  return readHead(raw, start + quoted) !== null
}

/** Finds every line that is, or looks like, a task, each on its own; which of them count is decided later. */
export function findCandidates(lines: readonly Line[]): Candidates {
  const found: Candidates = {
    candidates: [],
    headings: new Map(),
    tableHeaders: new Map(),
    skipped: [],
  }
  let header: TableHeader | null = null
  for (const [index, line] of lines.entries()) {
    if (line.place !== 'text') {
      if (looksHidden(line)) found.skipped.push({ index, reason: hiddenReason(line) })
      continue
    }
    if (line.blank) {
      header = null
      continue
    }
    const cells = readCells(line.text)
    if (cells !== null) {
      if (isSeparatorRow(line.text)) continue
      if (isSeparatorRow(lines[index + 1]?.text ?? '')) {
        header = readHeader(cells)
        continue
      }
      if (header !== null) found.tableHeaders.set(index, header)
      const row = readRow(cells, header)
      if (row !== null) found.candidates.push({ kind: 'row', index, row })
      else if (cells.some((cell) => startsWithId(cell.text))) {
        found.skipped.push({ index, reason: 'table_reference' })
      }
      continue
    }
    header = null
    const heading = readHeading(line.text)
    if (heading !== null) {
      found.headings.set(index, heading)
      const item = readItem(line.text.slice(heading.textStart))
      const start = heading.textStart + (item?.box ? item.textStart : 0)
      const head = readHead(line.text, start)
      if (head === null) continue
      const box = item?.box ?? innerBox(line.text, head)
      found.candidates.push({
        kind: 'heading',
        index,
        head,
        box: box === null ? null : shift(box, item?.box ? heading.textStart : 0),
        level: heading.level,
      })
      continue
    }
    const item = readItem(line.text)
    const start = item?.textStart ?? line.text.length - line.text.trimStart().length
    const head = item === null ? null : readHead(line.text, start)
    const box = item?.box ?? (head === null ? null : innerBox(line.text, head))
    if (item !== null && box !== null && head !== null) {
      found.candidates.push({
        kind: 'item',
        index,
        head,
        box,
        indent: item.indent,
        contentColumn: item.contentColumn,
      })
    } else if (item?.box) found.skipped.push({ index, reason: 'checkbox_without_id' })
    else {
      const reason = resembles(line.text, LIST_BULLET.test(line.text.slice(0, 200)), start)
      if (reason !== null) found.skipped.push({ index, reason })
    }
  }
  return found
}

function startsWithId(text: string): boolean {
  return readOneId(text.replace(/^[*_`~[]{1,6}/u, ''), 0) !== null
}

function innerBox(text: string, head: Head): Box | null {
  return head.innerMark === null
    ? null
    : { mark: text[head.innerMark] ?? ' ', offset: head.innerMark }
}

function shift(box: Box, by: number): Box {
  return { mark: box.mark, offset: box.offset === null ? null : box.offset + by }
}
