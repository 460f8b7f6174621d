import type { DumpRow } from './dump-rows.ts'
import type { HistoryStep, HistoryTask, Note } from './history.ts'
import { settlePair } from './settle-pair.ts'

export interface Surroundings {
  /** Ids of the dump that are here now, or will be. */
  sprints: ReadonlySet<number>
  runs: ReadonlySet<number>
  /** Sprints that have ended: their boards stay as they were. */
  closed: ReadonlySet<number>
  /** Where a card drives its step, the step's status is changed in here. */
  steps: readonly HistoryStep[]
  stepOf: ReadonlyMap<number, number>
}

const largestEstimate = 1000

/** Cards as a board takes them, each settled with its step. */
export function historyTasks(
  rows: readonly DumpRow<'tasks'>[],
  around: Surroundings,
  notes: Note[],
): HistoryTask[] {
  const stepById = new Map(around.steps.map((step) => [step.id, step]))
  return rows.map((row) => {
    const say = (note: string) => notes.push({ table: 'tasks', id: row.id, note })
    const sprint =
      row.sprint_id !== null && around.sprints.has(row.sprint_id) ? row.sprint_id : null
    if (row.sprint_id !== null && sprint === null)
      say(`Its sprint ${row.sprint_id} is not taken, or of another project.`)
    const step = stepById.get(around.stepOf.get(row.id) ?? 0)
    const run =
      step?.protocol_run_id ??
      (row.protocol_run_id !== null && around.runs.has(row.protocol_run_id)
        ? row.protocol_run_id
        : null)
    const task: HistoryTask = {
      ...row,
      ...{ sprint, run, step: step?.id ?? null, skipped: false, blockedReason: null, clash: null },
      story_points: estimateOf(row, say),
    }
    if (step && !(sprint !== null && around.closed.has(sprint))) settle(task, step, say)
    if (
      sprint === null &&
      run === null &&
      task.board_status !== 'backlog' &&
      task.board_status !== 'archived'
    ) {
      const place = task.board_status === 'done' ? 'archived' : 'backlog'
      say(`It belongs to no sprint and no run: ${place} instead of ${task.board_status}.`)
      task.board_status = place
    }
    return { ...task, ...timesOf(task, step) }
  })
}

/** The first version took any number in brackets for points: "(2024)" was 2024 points. */
function estimateOf(row: DumpRow<'tasks'>, say: (note: string) => void): number | null {
  const points = row.story_points
  if (points === null || points <= 100) return points
  if (!row.title.includes(`(${points})`) && points <= largestEstimate) return points
  say(`Its ${points} points are no estimate: without one now.`)
  return null
}

function settle(task: HistoryTask, step: HistoryStep, say: (note: string) => void): void {
  const settled = settlePair(step.status, task.board_status)
  if (settled.clash) {
    say(
      `On the board it was ${task.board_status}, its step is ${step.status}: the step wins, and both sides are kept as a conflict.`,
    )
    task.clash = { board: task.board_status, step: step.status }
  } else if (settled.card.board_status !== task.board_status) {
    say(
      `It was ${task.board_status}; with its step ${step.status} it is ${settled.card.board_status}.`,
    )
  }
  if (settled.step !== step.status) {
    say(
      `Step ${step.id} was ${step.status}; with its card ${task.board_status} it is ${settled.step}.`,
    )
    step.status = settled.step
    if (settled.step === 'completed') step.completed_at ??= task.completed_at
  }
  task.board_status = settled.card.board_status
  task.skipped = settled.card.skipped
  task.blockedReason = settled.card.blocked_reason
}

/** Times as they were; those that the status forbids are gone. When it was done may be unknown. */
function timesOf(task: HistoryTask, step: HistoryStep | undefined) {
  const waits = task.board_status === 'todo' || task.board_status === 'backlog'
  const done = task.board_status === 'done' || task.board_status === 'archived'
  return {
    started_at: waits ? null : (task.started_at ?? step?.started_at ?? null),
    completed_at: done ? (task.completed_at ?? step?.completed_at ?? null) : null,
  }
}
