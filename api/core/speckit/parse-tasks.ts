import { assignPhases } from './assign-phases.ts'
import { checkText } from './check-text.ts'
import { candidateId, chooseTasks } from './choose-tasks.ts'
import { cleanTitle } from './clean-title.ts'
import { filePaths } from './file-paths.ts'
import { type Candidate, findCandidates } from './find-candidates.ts'
import { findDependencies } from './find-dependencies.ts'
import { SPECKIT_LIMITS } from './limits.ts'
import type { PlacedTask } from './placed-task.ts'
import { readTags } from './read-tags.ts'
import { type Line, scanLines } from './scan-lines.ts'
import { SpecKitError } from './speckit-error.ts'
import { markFromCharacter } from './status-marks.ts'
import { readTaskText, splitTitle } from './task-text.ts'
import type { ParsedTask, ParsedTasks, SkippedLine, TaskMark } from './types.ts'

const CUT = 160

/**
 * Reads a tasks.md in linear time. Never guesses silently: what looked like a task and was not
 * taken is in `skipped`. Throws SpecKitError for text that cannot be kept faithfully.
 */
export function parseTasks(text: string): ParsedTasks {
  checkText(text)
  const lines = scanLines(text)
  const found = findCandidates(lines)
  const chosen = chooseTasks(found, lines.length)
  if (chosen.tasks.length > SPECKIT_LIMITS.tasks) {
    throw new SpecKitError(
      'too_many_tasks',
      `the file has ${chosen.tasks.length} tasks and ${SPECKIT_LIMITS.tasks} are allowed; split the feature into several specs`,
    )
  }
  const stops = new Set(chosen.tasks.map((candidate) => candidate.index))
  const occurrences = new Map<string, number>()
  const placed = chosen.tasks.map((candidate) => placeTask(lines, candidate, stops, occurrences))
  const phases = assignPhases(lines, found.headings, placed)
  const dependencies = findDependencies(lines, placed, found.tableHeaders)

  const cut = (index: number): string => {
    const raw = lines[index]?.raw.trim() ?? ''
    const short = raw.length > CUT ? `${raw.slice(0, CUT)}…` : raw
    return short.toWellFormed()
  }
  const skipped: SkippedLine[] = [...found.skipped, ...chosen.skipped, ...dependencies.skipped]
    .map(({ index, reason }) => ({ line: index + 1, text: cut(index), reason }))
    .sort((a, b) => a.line - b.line)
  return {
    tasks: placed.map(({ task }) => task),
    dependencies: dependencies.dependencies,
    phases,
    skipped,
  }
}

function placeTask(
  lines: readonly Line[],
  candidate: Candidate,
  stops: ReadonlySet<number>,
  occurrences: Map<string, number>,
): PlacedTask {
  const externalId = candidateId(candidate).canonical
  const occurrence = (occurrences.get(externalId) ?? 0) + 1
  occurrences.set(externalId, occurrence)
  const text = readTaskText(lines, candidate, stops)
  const head = candidate.kind === 'row' ? null : candidate.head
  const cleaned = cleanTitle(text.paragraph, head?.boldOpen, head?.strikeOpen)
  const tags = readTags([...(head?.tags ?? []), ...cleaned.tags])
  const status = readMark(candidate, cleaned.struck)
  const { title, body } = splitTitle(cleaned.title, text.body)
  const start = lines[candidate.index]?.start ?? 0
  const offset = candidate.kind === 'row' ? candidate.row.markOffset : candidate.box?.offset
  const task: ParsedTask = {
    externalId,
    occurrence,
    line: candidate.index + 1,
    mark: status.mark,
    markOffset: offset === null || offset === undefined ? null : start + offset,
    struck: status.struck,
    ...tags,
    title,
    body,
    phase: null,
    files: filePaths(`${text.paragraph}\n${text.body}`),
  }
  return { task, candidate, paragraph: text.paragraph, start: candidate.index, end: text.end }
}

/**
 * The checkbox speaks first. "[-]" beside a yellow symbol is work begun, not dropped. A struck id is
 * a dropped task; a struck title drops a closed task only, so that open work never hides.
 */
function readMark(candidate: Candidate, titleStruck: boolean): { mark: TaskMark; struck: boolean } {
  if (candidate.kind === 'row') {
    const { markCharacter, mark } = candidate.row
    const said = markCharacter === null ? mark : markFromCharacter(markCharacter)
    return { mark: said ?? 'open', struck: false }
  }
  const { head, box } = candidate
  let mark = box === null ? (head.symbol ?? 'open') : markFromCharacter(box.mark)
  if (mark === 'cancelled' && head.symbol === 'in_progress') mark = 'in_progress'
  const dropped = head.struck || (titleStruck && mark === 'done')
  return { mark: dropped ? 'cancelled' : mark, struck: head.struck || titleStruck }
}
