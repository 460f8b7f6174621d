import { cardMove } from '../../core/card-moves.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import { conflict, DomainError, notFound } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { findSprints } from '../../store/sprints.ts'
import { findTasks, type TaskRow } from '../../store/tasks.ts'
import { supersedeByFile } from '../conflict/supersede.ts'
import { type LockedCards, lockCards, lockRunsOf } from '../lock.ts'
import type { Work } from '../runtime.ts'
import { refuseClosed, sameProject } from '../sprint/guard.ts'
import { isHeld } from '../step/locked.ts'
import { changeTasks, type TaskChange } from '../task/change.ts'
import { lockStepOf, moveLinkedCard } from '../task/drive-step.ts'
import { restoreDependencies } from './restore-dependencies.ts'
import { fixed, type Refusal, restorable, type TaskContent } from './task-content.ts'

/**
 * Locks tasks with the runs of their steps and all sprints they are in or shall go to, and sprints to
 * be changed themselves. What is gone is left out.
 */
export async function lockForRestoring(
  work: Work,
  wanted: ReadonlyMap<number, TaskContent>,
  sprintIds: readonly number[] = [],
): Promise<LockedCards> {
  const known = await findTasks(work.tx, [...wanted.keys()])
  await lockRunsOf(work, known)
  const targets = [...wanted.values()].flatMap((it) => it.sprint_id ?? [])
  const there = await findSprints(work.tx, [...new Set([...targets, ...sprintIds])])
  const others = there.map((sprint) => sprint.id)
  const changed = others.filter((id) => sprintIds.includes(id))
  return lockCards(work.tx, known, { others, changed })
}

/**
 * Gives locked tasks what is wanted of them, by the rules and with the events of every change by
 * hand. What a rule forbids for a task leaves that one alone, and is answered.
 */
export async function restoreTasks(
  work: Work,
  rows: ReadonlyMap<number, TaskRow>,
  wanted: ReadonlyMap<number, TaskContent>,
): Promise<Refusal[]> {
  const sprintIds = [...rows.values()].flatMap((row) => [
    row.sprint_id,
    wanted.get(row.id)?.sprint_id ?? null,
  ])
  const there = await findSprints(work.tx, [...new Set(sprintIds.filter((id) => id !== null))])
  const sprints = new Map(there.map((sprint) => [sprint.id, sprint]))
  const refused: Refusal[] = []
  const changes: TaskChange[] = []
  for (const [task_id, content] of wanted) {
    try {
      const before = rows.get(task_id)
      if (!before) throw notFound('task', task_id)
      const after = restored(before, content, sprints)
      changes.push({ before, after: await moved(work, before, after) })
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      refused.push({ task_id, error })
    }
  }
  const different = changes.filter(
    ({ before, after }) => changesBetween<TaskRow>(before, after) !== undefined,
  )
  const saved = await changeTasks(work, different, 'hand')
  await supersedeByFile(
    work,
    saved.filter((task) => task.spec_id !== null).map((task) => task.id),
  )
  const edges = changes.flatMap(({ after }) => {
    const depends_on = wanted.get(after.id)?.depends_on
    return depends_on ? [{ task: after, depends_on }] : []
  })
  return [...refused, ...(await restoreDependencies(work, edges))]
}

/** @throws DomainError where a rule keeps the task from becoming that */
function restored(
  before: TaskRow,
  content: TaskContent,
  sprints: ReadonlyMap<number, Sprint>,
): TaskRow {
  const other = fixed.filter((field) => field in content && content[field] !== before[field])
  if (other.length > 0) {
    throw conflict(
      'fixed_with_the_task',
      `Task ${before.code} had another ${other.join(', ')} then, which stays as it is.`,
    )
  }
  const fields = Object.fromEntries(
    restorable.filter((field) => field in content).map((field) => [field, content[field]]),
  )
  const after: TaskRow = { ...before, ...fields }
  for (const id of new Set([before.sprint_id, after.sprint_id])) {
    if (id === null) continue
    const sprint = sprints.get(id)
    if (!sprint) throw notFound('sprint', id)
    sameProject(`Sprint ${sprint.code}`, sprint.project_id, before.project_id)
    refuseClosed(sprint)
  }
  const placed = after.sprint_id ?? after.protocol_run_id ?? after.spec_id
  if (placed === null && !['backlog', 'archived'].includes(after.board_status)) {
    throw conflict(
      'no_orphan_task',
      `Task ${before.code} is in no sprint: it stays in the backlog.`,
    )
  }
  return after
}

/** The card where its step follows it. @throws DomainError where the step rules */
async function moved(work: Work, before: TaskRow, after: TaskRow): Promise<TaskRow> {
  if (after.board_status === before.board_status) return after
  const linked = await lockStepOf(work, before)
  if (linked === null) return after
  const { run, step } = linked
  const move = cardMove(step.status, after.board_status)
  if (move.kind === 'free' || (move.kind === 'drives' && !isHeld(run, move.action))) {
    return moveLinkedCard(work, linked, before, after, [])
  }
  throw conflict(
    'step_rules',
    `The card ${before.code} follows its step "${step.step_name}", which is ${step.status}: it cannot go to ${after.board_status}. Move the step (/steps/${step.id}).`,
  )
}
