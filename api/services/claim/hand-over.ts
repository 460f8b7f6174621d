import { claimsOf, moveClaims } from '../../store/claims.ts'
import type { SessionRow } from '../../store/sessions.ts'
import { lockTasks } from '../../store/tasks.ts'
import type { Work } from '../runtime.ts'
import { changeTasks } from '../task/change.ts'

/** What one agent has claimed goes on with another: the cards say so, and stay where they are. */
export async function handOverClaims(work: Work, from: SessionRow, to: SessionRow): Promise<void> {
  const claims = await claimsOf(work.tx, from.id)
  const tasks = await lockTasks(
    work.tx,
    claims.map(({ task_id }) => task_id),
  )
  const assigned = tasks.filter(({ assignee }) => assignee === from.agent)
  await changeTasks(
    work,
    assigned.map((before) => ({ before, after: { ...before, assignee: to.agent } })),
    'hand',
  )
  await moveClaims(work.tx, from.id, to)
}
