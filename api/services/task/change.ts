import type { Cause, NewEvent } from '../../core/events/catalogue.ts'
import { type TaskSource, taskChanged, taskCreated } from '../../core/events/task-events.ts'
import { takeTaskNumbers } from '../../store/projects.ts'
import { tellOrigin } from '../../store/revisions.ts'
import { insertTasks, type NewTask, saveTasks, type TaskRow } from '../../store/tasks.ts'
import { settleClaims } from '../claim/settle.ts'
import type { Work } from '../runtime.ts'

export interface TaskChange {
  /** The row as it was locked, or as an earlier change of the same batch left it. */
  before: TaskRow
  after: TaskRow
  cause?: Cause
}

export interface Batch {
  /**
   * The sprint that the batch tells of itself, with one event that handlers get: its parts are only
   * recorded. What the batch changes in another sprint is told as ever.
   */
  toldTo?: number | null
}

const quieted = (events: readonly NewEvent[], { toldTo = null }: Batch): NewEvent[] =>
  events.map((event) => ({ ...event, quiet: toldTo !== null && event.sprint_id === toldTo }))

/**
 * Writes changed tasks back and tells what changed, in the order given. The one way in which tasks
 * change. A task that changes twice is written once, as the last change leaves it.
 */
export async function changeTasks(
  work: Work,
  changes: readonly TaskChange[],
  source: TaskSource,
  batch: Batch = {},
): Promise<TaskRow[]> {
  const last = new Map(changes.map(({ after }) => [after.id, after]))
  const caused = changes.flatMap(({ after, cause }) =>
    cause ? [[after.id, cause.correlation_id] as const] : [],
  )
  if (caused.length > 0) await tellOrigin(work.tx, work.caller, Object.fromEntries(caused))
  const [saved] = await Promise.all([
    saveTasks(work.tx, [...last.values()]),
    settleClaims(work, changes, source === 'hand'),
  ])
  const byId = new Map(saved.map((row) => [row.id, row]))
  const asKept = (after: TaskRow) => (last.get(after.id) === after && byId.get(after.id)) || after
  await work.record(
    ...quieted(
      changes.flatMap(({ before, after, cause }) =>
        taskChanged(before, asKept(after), source).map((event) =>
          cause ? { ...event, cause } : event,
        ),
      ),
      batch,
    ),
  )
  return saved
}

/** Makes tasks in a project, numbering those that bring no code, and tells of each. */
export async function makeTasks(
  work: Work,
  projectId: number,
  tasks: readonly (Omit<NewTask, 'project_id' | 'code'> & { code?: string | undefined })[],
  source: TaskSource,
  batch: Batch = {},
): Promise<TaskRow[]> {
  if (tasks.length === 0) return []
  const unnumbered = tasks.filter((task) => task.code === undefined).length
  const numbers = unnumbered > 0 ? await takeTaskNumbers(work.tx, projectId, unnumbered) : undefined
  let next = numbers?.first ?? 0
  const rows = tasks.map((task) => ({
    ...task,
    project_id: projectId,
    code: task.code ?? `${numbers?.slug.toUpperCase()}-${next++}`,
  }))
  const made = await insertTasks(work.tx, rows)
  await work.record(
    ...quieted(
      made.map((task) => taskCreated(task, source)),
      batch,
    ),
  )
  return made
}
