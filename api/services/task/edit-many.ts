import type { Sprint } from '../../core/entities/sprint.ts'
import type { Task } from '../../core/entities/task.ts'
import { DomainError, notFound } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { unmetDependencies } from '../../store/dependencies.ts'
import { findTasks, seen, type TaskRow } from '../../store/tasks.ts'
import { claimRefusals } from '../claim/guard.ts'
import { supersedeByFile } from '../conflict/supersede.ts'
import { lockCards, lockRunsOf } from '../lock.ts'
import type { Work } from '../runtime.ts'
import { refuseClosed, sameProject } from '../sprint/guard.ts'
import { changeTasks, type TaskChange } from './change.ts'
import { lockStepOf, moveLinkedCard } from './drive-step.ts'
import { begins, type Expected, edited, refuseOvertaken, type Wanted, warningOf } from './edited.ts'

interface EditedTasks {
  /** In the order asked for. */
  updated: Task[]
  refused: { task_id: number; error: DomainError }[]
  warnings: { task_id: number; detail: string }[]
}

/**
 * Edits tasks by hand as `updateTask` edits one: the same rules, the same events. What a rule forbids
 * for one of them leaves the others alone. Tasks that the caller is to change besides are locked too.
 * @throws DomainError where the sprint they are to go into is not there
 */
export async function editTasks(
  work: Work,
  taskIds: readonly number[],
  wantedOf: (taskId: number) => Wanted,
  expected: Expected,
  alsoLocked: readonly number[] = [],
): Promise<EditedTasks> {
  const ids = [...new Set(taskIds)]
  const known = await findTasks(work.tx, [...ids, ...alsoLocked])
  await lockRunsOf(work, known)
  const others = known.map(({ id }) => wantedOf(id).sprint_id ?? null)
  const { rows, sprints } = await lockCards(work.tx, known, { others })
  const claimed = await claimRefusals(work, ids)
  const refused: EditedTasks['refused'] = []
  const warned: EditedTasks['warnings'] = []
  const changes: TaskChange[] = []

  for (const id of ids) {
    const before = rows.get(id)
    const wanted = wantedOf(id)
    try {
      if (before === undefined) throw notFound('task', id)
      for (const sprintId of [before.sprint_id, wanted.sprint_id ?? null]) {
        refuseSprint(before, sprintId === null ? undefined : sprints.get(sprintId))
      }
      const byAnother = claimed.get(id)
      if (byAnother) throw byAnother
      refuseOvertaken(before, expected, wanted)
      const after = await moved(work, before, edited(before, wanted), warned)
      changes.push({ before, after })
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      refused.push({ task_id: id, error })
    }
  }

  const started = changes.filter(({ before, after }) => begins(before, after))
  const unmet = await unmetDependencies(
    work.tx,
    started.map(({ after }) => after.id),
  )
  for (const [task_id, codes] of unmet) {
    warned.push(...warningOf(codes).map((detail) => ({ task_id, detail })))
  }

  const different = changes.filter(
    ({ before, after }) => changesBetween<TaskRow>(before, after) !== undefined,
  )
  const saved = await changeTasks(work, different, 'hand')
  const fromFile = saved.filter((task) => task.spec_id !== null).map((task) => task.id)
  await supersedeByFile(work, fromFile)
  if (different.length === 0 && warned.length === 0) work.nothingChanged()

  const now = new Map([...changes.map(({ after }) => after), ...saved].map((row) => [row.id, row]))
  const updated = ids.flatMap((id) => now.get(id) ?? []).map(seen)
  return { updated, refused, warnings: warned }
}

function refuseSprint(task: TaskRow, sprint: Sprint | undefined): void {
  if (sprint === undefined) return
  sameProject(`Sprint ${sprint.code}`, sprint.project_id, task.project_id)
  refuseClosed(sprint)
}

async function moved(
  work: Work,
  before: TaskRow,
  after: TaskRow,
  warned: EditedTasks['warnings'],
): Promise<TaskRow> {
  if (after.board_status === before.board_status) return after
  const linked = await lockStepOf(work, before)
  if (linked === null) return after
  const warnings: string[] = []
  const moved = await moveLinkedCard(work, linked, before, after, warnings)
  warned.push(...warnings.map((detail) => ({ task_id: before.id, detail })))
  return moved
}
