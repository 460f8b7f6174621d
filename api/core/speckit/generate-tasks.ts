import { checkText } from './check-text.ts'
import { readHeading } from './phase-heading.ts'
import { readHead } from './read-head.ts'
import { readItem } from './read-item.ts'
import { readTags } from './read-tags.ts'
import { SpecKitError } from './speckit-error.ts'
import { cellId, readCells } from './table-row.ts'
import { readId } from './task-id.ts'
import type { TaskMark } from './types.ts'
import { writeInline } from './write-inline.ts'

export interface NewFileTask {
  /** One id ("T012"); the next free number when left out. */
  externalId?: string | null
  title: string
  mark?: TaskMark
  parallel?: boolean
  labels?: readonly string[]
  assignee?: string | null
  points?: number | null
  /** Ids of tasks in the same file. */
  dependsOn?: readonly string[]
  /** Where the work goes; written as "Title in path". */
  path?: string | null
  /** Markdown, written below the task and indented into it. */
  body?: string
}

export interface NewFilePhase {
  /** Position in the list, from 1, when left out. */
  number?: string | null
  title: string
  purpose?: string
  tasks: readonly NewFileTask[]
}

export interface NewTasksFile {
  title: string
  phases: readonly NewFilePhase[]
}

const MARKS: Record<TaskMark, string> = { open: ' ', done: 'x', in_progress: '~', cancelled: '-' }

/**
 * A fresh tasks.md in the official grammar, ids in the order of the phases. Reading it back gives
 * the same tasks. Throws SpecKitError for what the grammar cannot carry.
 */
export function generateTasks(file: NewTasksFile): string {
  const ids = assignIds(file)
  const known = new Set(ids.values())
  const out: string[] = [`# Tasks: ${inlineText(file.title, 'the title')}`, '']
  for (const [index, phase] of file.phases.entries()) {
    const number = phase.number ?? String(index + 1)
    out.push(`## Phase ${number}: ${inlineText(phase.title, `phase ${number}`)}`, '')
    if (phase.purpose) out.push(`**Purpose**: ${inlineText(phase.purpose, `phase ${number}`)}`, '')
    for (const task of phase.tasks) {
      const id = ids.get(task) ?? ''
      out.push(taskLine(task, id, known))
      const body = (task.body ?? '').replace(/\r\n?/gu, '\n').replace(/^\n+|\s+$/gu, '')
      if (body !== '') out.push(...bodyLines(body))
    }
    out.push('')
  }
  const text = `${out.join('\n').trimEnd()}\n`
  checkText(text)
  return text
}

function assignIds(file: NewTasksFile): Map<NewFileTask, string> {
  const tasks = file.phases.flatMap((phase) => phase.tasks)
  const taken = new Set<string>()
  for (const { externalId } of tasks) {
    if (externalId === undefined || externalId === null) continue
    const read = readId(externalId, 0)
    if (read === null || read.canonical !== externalId) {
      throw new SpecKitError(
        'invalid_task_id',
        `"${externalId}" is not a task id; write T and at least three digits, such as T012, or leave it out`,
      )
    }
    if (taken.has(externalId)) {
      throw new SpecKitError(
        'duplicate_task_id',
        `the id ${externalId} is given twice; give each task its own, or leave it out to get the next free one`,
      )
    }
    taken.add(externalId)
  }
  const ids = new Map<NewFileTask, string>()
  let number = 0
  for (const task of tasks) {
    let id = task.externalId ?? null
    while (id === null) {
      number++
      const next = `T${String(number).padStart(3, '0')}`
      if (!taken.has(next)) id = next
    }
    ids.set(task, id)
  }
  return ids
}

function taskLine(task: NewFileTask, id: string, known: ReadonlySet<string>): string {
  const tags = [
    ...(task.parallel ? ['P'] : []),
    ...(task.labels ?? []).map((label) => writableLabel(label, id)),
    ...(task.assignee ? [writableAssignee(task.assignee, id)] : []),
    ...(task.points === undefined || task.points === null ? [] : [writablePoints(task.points, id)]),
  ]
  const title = inlineText(task.path ? `${task.title} in ${task.path}` : task.title, id)
  for (const other of task.dependsOn ?? []) {
    if (known.has(other) && other !== id) continue
    throw new SpecKitError(
      'unknown_task_id',
      `${id} depends on ${other}, which is ${other === id ? 'itself' : 'not in the file'}; name another task of the file`,
    )
  }
  const depends = task.dependsOn?.length ? ` (depends on ${task.dependsOn.join(', ')})` : ''
  const runs = tags.map((tag) => ` [${tag}]`).join('')
  return `- [${MARKS[task.mark ?? 'open']}] ${id}${runs} ${title}${depends}`
}

function unwritable(where: string, rule: string): SpecKitError {
  return new SpecKitError('unwritable_text', `${where}: ${rule}`)
}

function writableLabel(label: string, id: string): string {
  const read = readTags([label])
  if (
    read.labels.length !== 1 ||
    read.labels[0] !== label ||
    /[[\]`<\n\r]|^[ xX]$|.{81}/u.test(label)
  ) {
    throw unwritable(
      id,
      `the label "${label}" cannot stand in brackets; use up to 80 characters without brackets, backticks, "<" or line breaks that do not read as a flag, a person or points`,
    )
  }
  return label
}

function writableAssignee(assignee: string, id: string): string {
  if (readTags([`@${assignee}`]).assignee === assignee) return `@${assignee}`
  throw unwritable(
    id,
    `the assignee "${assignee}" cannot be written as [@name]; use letters, digits, "_", "." and "-"`,
  )
}

function writablePoints(points: number, id: string): string {
  if (Number.isInteger(points) && points >= 0 && points <= 9999) return `${points}pts`
  throw unwritable(id, `${points} points cannot be written; use a whole number from 0 to 9999`)
}

function inlineText(text: string, where: string): string {
  const line = writeInline(text)
  if (line === '') throw unwritable(where, 'the text is empty; give it a title')
  return line
}

/**
 * Indents a body into its task. A line that would read as a task, heading or comment of its own is
 * escaped, so that the file keeps its number of tasks.
 */
function bodyLines(body: string): string[] {
  const lines = body.split('\n').map((line) => {
    if (line.trim() === '') return ''
    const text = line.replace(/<!--/gu, '&lt;!--')
    return `  ${escapeAt(text, taskLike(text))}`
  })
  // Text right below a task line would read as the rest of its title.
  return readItem(lines[0] ?? '') === null ? ['', ...lines] : lines
}

function escapeAt(text: string, at: number | null): string {
  return at === null ? text : `${text.slice(0, at)}\\${text.slice(at)}`
}

/** Offset of the character that makes a line look like a task or section; null for plain lines. */
function taskLike(text: string): number | null {
  if (readHeading(text) !== null) return text.indexOf('#')
  const cells = readCells(text)
  if (cells?.some((cell) => cellId(cell) !== null)) return text.indexOf('|')
  const item = readItem(text)
  if (item === null) return null
  if (item.box !== null) return text.indexOf('[')
  const mark = readHead(text, item.textStart)?.innerMark ?? null
  return mark === null ? null : mark - 1
}
