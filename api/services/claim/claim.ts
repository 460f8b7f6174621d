import { claimTask as command, releaseTask as releaseCommand } from '../../commands/claims.ts'
import { conflict, found } from '../../core/errors.ts'
import { endClaims, liveClaims } from '../../store/claims.ts'
import { unmetDependencies } from '../../store/dependencies.ts'
import { insertNote } from '../../store/sessions.ts'
import { findTask, seen, type TaskRow } from '../../store/tasks.ts'
import { mutation } from '../mutation.ts'
import { session } from '../runtime.ts'
import { lockEditable } from '../task/editable.ts'
import { claimedBy } from './guard.ts'
import { releaseClaims } from './release.ts'
import { claimOn, takeTask } from './take.ts'

export const claimTask = mutation(command, async (work, { task_id }) => {
  const { id, agent } = session(work)
  const { before, linked } = await lockEditable(work, task_id, { overrideReason: undefined })
  const [claim] = await liveClaims(work.tx, [task_id])
  if (claim?.session_id === id) {
    work.nothingChanged()
    return { task: seen(before), claim: await claimOn(work, task_id) }
  }
  if (claim && !claim.lapsed) throw claimedBy(claim)
  if (claim) await endClaims(work.tx, [claim.id])
  const refused = claim ? { ...before, assignee: null } : before
  await refuseUnready(refused, agent, await unmetDependencies(work.tx, [task_id]))
  return takeTask(work, before, linked)
})

async function refuseUnready(
  { id, code, board_status, assignee }: TaskRow,
  agent: string,
  unmet: ReadonlyMap<number, string[]>,
) {
  if (board_status === 'done' || board_status === 'archived') {
    throw conflict(
      'claim_open_task',
      `Task ${code} is ${board_status}; ask for the next one that is ready.`,
    )
  }
  if (assignee !== null && assignee !== agent) {
    throw conflict(
      'task_is_assigned',
      `Task ${code} is assigned to ${assignee}; take another one, or have it assigned to ${agent} or to nobody.`,
    )
  }
  const waitsFor = unmet.get(id)
  if (waitsFor) {
    throw conflict(
      'dependencies_first',
      `Task ${code} waits for ${waitsFor.join(', ')}; claim one of those, or ask for the next task that is ready.`,
    )
  }
}

/** By the session that has it, or by whoever plans the work. */
export const releaseTask = mutation(releaseCommand, async (work, { task_id, reason }) => {
  const { before } = await lockEditable(work, task_id, { overrideReason: undefined })
  const [claim] = await liveClaims(work.tx, [task_id])
  if (!claim) {
    throw conflict('not_claimed', `Nobody has claimed task ${before.code}; there is nothing to do.`)
  }
  const why = reason?.trim() ? reason : `${before.code} was given back.`
  if (reason?.trim()) {
    await insertNote(work.tx, {
      session_id: claim.session_id,
      kind: 'note',
      text: reason,
      answers_id: null,
      agent: work.caller.agent,
      actor: work.caller.actor,
    })
  }
  await releaseClaims(work, [task_id], claim.session_id, why)
  return found(await findTask(work.tx, task_id), 'task', task_id)
})
