import type { Claim } from '../../core/entities/session.ts'
import { found } from '../../core/errors.ts'
import { insertClaim, liveClaims } from '../../store/claims.ts'
import { seen, type TaskRow } from '../../store/tasks.ts'
import { session, type Work } from '../runtime.ts'
import type { LockedStep } from '../step/locked.ts'
import { changeTasks } from '../task/change.ts'
import { moveLinkedCard } from '../task/drive-step.ts'
import { edited } from '../task/edited.ts'
import { aboutClaim } from './settle.ts'

const waiting: readonly TaskRow['board_status'][] = ['backlog', 'todo']

/**
 * Claims a locked task for the session. Its card is moved as by hand: to in progress, where it
 * waited, and its step starts; a step that will not have it keeps the card, which is claimed all
 * the same.
 */
export async function takeTask(work: Work, before: TaskRow, linked: LockedStep | null) {
  const { id, key, agent } = session(work)
  const begins = waiting.includes(before.board_status)
  const wanted = edited(before, {
    assignee: agent,
    ...(begins ? { board_status: 'in_progress' as const } : {}),
  })
  const after = begins && linked ? await moveLinkedCard(work, linked, before, wanted, []) : wanted
  const [saved] = await changeTasks(work, [{ before, after }], 'hand')
  await insertClaim(work.tx, before.id, id)
  await work.record({
    type: 'task.claimed',
    ...aboutClaim({ agent, session_key: key }, before, {}),
  })
  const task = found(saved, 'task', before.id)
  return { task: seen(task), claim: await claimOn(work, task.id) }
}

export async function claimOn(work: Work, taskId: number): Promise<Claim> {
  const [claim] = await liveClaims(work.tx, [taskId])
  const { id: _, session_id: __, lapsed: ___, ...told } = found(claim, 'claim of task', taskId)
  return told
}
