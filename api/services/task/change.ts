import { type TaskSource, taskChanged, taskCreated } from '../../core/events/task-events.ts'
import { takeTaskNumbers } from '../../store/projects.ts'
import { insertTasks, type NewTask, saveTasks, type TaskRow } from '../../store/tasks.ts'
import type { Work } from '../runtime.ts'

export interface TaskChange {
  /** The row as it was locked. */
  before: TaskRow
  after: TaskRow
}

export interface Batch {
  /** The batch tells of itself with one event that handlers get; its parts are only recorded. */
  quiet?: boolean
}

/** Writes changed tasks back and tells what changed. The one way in which tasks change. */
export async function changeTasks(
  work: Work,
  changes: readonly TaskChange[],
  source: TaskSource,
  { quiet = false }: Batch = {},
): Promise<TaskRow[]> {
  const saved = await saveTasks(
    work.tx,
    changes.map((change) => change.after),
  )
  const byId = new Map(saved.map((row) => [row.id, row]))
  await work.record(
    ...changes.flatMap(({ before, after }) =>
      taskChanged(before, byId.get(after.id) ?? after, source, quiet),
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
  { quiet = false }: Batch = {},
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
  await work.record(...made.map((task) => taskCreated(task, source, quiet)))
  return made
}
