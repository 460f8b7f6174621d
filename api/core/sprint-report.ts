import type { SprintReport } from './entities/sprint.ts'
import type { Task } from './entities/task.ts'

type Counted = Pick<
  Task,
  'id' | 'code' | 'title' | 'board_status' | 'skipped' | 'story_points' | 'completed_at'
>

export interface Close {
  tasks: readonly Counted[]
  /** Ids of the tasks in the sprint when it started. */
  committedTasks: readonly number[]
  committedPoints: number
  startedAt: string
  /** Where the work that is left goes: "backlog" or the code of a sprint. */
  carryOverTo: string
}

const pointsOf = (tasks: readonly Counted[]) =>
  tasks.reduce((sum, task) => sum + (task.story_points ?? 0), 0)

/** Work that has not ended, and moves on when the sprint closes. */
export const isLeft = (task: Pick<Task, 'board_status'>) =>
  task.board_status !== 'done' && task.board_status !== 'archived'

/**
 * The report of a closing sprint, in story points, by the definitions of Scrum tools (Atlassian's
 * sprint report, ProKanban). Both ratios are null where nothing was committed. What was done before
 * the start, or at a time nobody knows, is in the scope but not of this sprint's work.
 */
export function reportOf(close: Close): SprintReport {
  const counted = close.tasks.filter((task) => task.board_status !== 'archived' && !task.skipped)
  const completed = counted.filter(
    (task) =>
      task.board_status === 'done' &&
      task.completed_at !== null &&
      Date.parse(task.completed_at) >= Date.parse(close.startedAt),
  )
  const committed = new Set(close.committedTasks)
  const completedPoints = pointsOf(completed)
  const initialPoints = pointsOf(completed.filter((task) => committed.has(task.id)))
  const left = counted.filter(isLeft)
  const ofCommitted = (points: number) =>
    close.committedPoints === 0 ? null : points / close.committedPoints
  return {
    committed_points: close.committedPoints,
    scope_change_points: pointsOf(counted) - close.committedPoints,
    completed_points: completedPoints,
    completed_initial_points: initialPoints,
    say_do: ofCommitted(initialPoints),
    predictability: ofCommitted(completedPoints),
    carried_over_points: pointsOf(left),
    carried_over: left.map(({ id, code, title }) => ({
      task_id: id,
      code,
      title,
      to: close.carryOverTo,
    })),
    unestimated_tasks: counted.filter((task) => task.story_points === null).length,
  }
}
