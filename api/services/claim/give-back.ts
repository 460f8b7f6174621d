import { endClaims, type LiveClaim, liveClaims } from '../../store/claims.ts'
import { findTasks, type TaskRow } from '../../store/tasks.ts'
import { lockCards, lockRunsOf } from '../lock.ts'
import type { Work } from '../runtime.ts'
import { isClosed } from '../sprint/guard.ts'
import { changeTasks } from '../task/change.ts'
import { lockStepOf, requeueCard } from '../task/drive-step.ts'

export interface GivenBack {
  claim: LiveClaim
  task: TaskRow
}

/**
 * Ends live claims of these tasks that `over` says so of, and returns to the pool the cards on which
 * work has begun and no more: todo, and nobody's. What was handed in for review, blocked or closed
 * stays where it is.
 */
export async function giveBack(
  work: Work,
  taskIds: readonly number[],
  over: (claim: LiveClaim) => boolean,
  reason: string,
): Promise<GivenBack[]> {
  const known = await findTasks(work.tx, taskIds)
  await lockRunsOf(work, known)
  const { rows, sprints } = await lockCards(work.tx, known)
  const claims = (await liveClaims(work.tx, taskIds)).filter(over)
  await endClaims(
    work.tx,
    claims.map(({ id }) => id),
  )
  const given: GivenBack[] = []
  const changes = []
  for (const claim of claims) {
    const before = rows.get(claim.task_id)
    if (!before) continue
    given.push({ claim, task: before })
    const sprint = before.sprint_id === null ? undefined : sprints.get(before.sprint_id)
    if (before.board_status !== 'in_progress' || (sprint && isClosed(sprint))) continue
    const free = { ...before, board_status: 'todo' as const, assignee: null }
    const linked = await lockStepOf(work, before)
    changes.push({
      before,
      after: linked ? await requeueCard(work, linked, before, free, reason) : free,
    })
  }
  await changeTasks(
    work,
    changes.filter(({ before, after }) => before !== after),
    'hand',
  )
  return given
}
