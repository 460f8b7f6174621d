import { cardMove } from '../../core/card-moves.ts'
import type { Task } from '../../core/entities/task.ts'
import { found } from '../../core/errors.ts'
import { cardOf } from '../../core/status.ts'
import { claimantMove, requeue, type Transition, transitions } from '../../core/step-actions.ts'
import { liveClaims } from '../../store/claims.ts'
import { lockProtocol } from '../../store/protocols.ts'
import { findStep } from '../../store/steps.ts'
import type { TaskRow } from '../../store/tasks.ts'
import { recordConflict } from '../conflict/record.ts'
import { supersedeByHand } from '../conflict/supersede.ts'
import { leftForLater } from '../integration.ts'
import type { Work } from '../runtime.ts'
import { isHeld, type LockedStep } from '../step/locked.ts'
import { moveSteps, unsaid } from '../step/move.ts'

/** The living step behind a card, its run locked; null for a card of its own. */
export async function lockStepOf(
  work: Work,
  task: Pick<Task, 'step_run_id' | 'protocol_run_id'>,
): Promise<LockedStep | null> {
  if (task.step_run_id === null || task.protocol_run_id === null) return null
  const run = found(
    await lockProtocol(work.tx, task.protocol_run_id),
    'protocol',
    task.protocol_run_id,
  )
  const step = await findStep(work.tx, task.step_run_id)
  return step && step.deleted_at === null ? { run, step } : null
}

/**
 * A card moved by hand: its step follows where it has no view of its own; where it has one, or its
 * run is held, the step wins, the card stays, and both sides are kept as a conflict. While the
 * integration is off the card moves alone.
 */
export async function moveLinkedCard(
  work: Work,
  { run, step }: LockedStep,
  before: TaskRow,
  after: TaskRow,
  warnings: string[],
): Promise<TaskRow> {
  const moved = [{ task_id: before.id, actor: work.caller.actor }]
  if (await leftForLater(work, run, moved)) return after
  const move = cardMove(step.status, after.board_status)
  if (move.kind === 'free') {
    await supersedeByHand(work, before.id)
    return after
  }
  const transition =
    move.kind === 'drives'
      ? isHeld(run, move.action)
        ? undefined
        : transitions[move.action]
      : await ofClaimant(work, { run, step }, before, after)
  if (transition) {
    await supersedeByHand(work, before.id)
    const [moved] = await moveSteps(work, run, [step], transition, {
      ...unsaid,
      reason: after.blocked_reason ?? `Moved by hand by ${work.caller.agent ?? work.caller.actor}.`,
    })
    return moved ? { ...after, ...cardOf(moved), step_version: moved.version } : after
  }
  await recordConflict(work, before, {
    source: 'protocol',
    field: 'board_status',
    step_run_id: step.id,
    base_value: before.board_status,
    board_value: after.board_status,
    other_value: step.status,
  })
  const view = move.kind === 'drives' ? `in a run that is ${run.status}` : step.status
  warnings.push(
    `Step "${step.step_name}" is ${view} and wins: the card was not moved to ${after.board_status}; the conflict is recorded.`,
  )
  return {
    ...after,
    board_status: before.board_status,
    skipped: before.skipped,
    blocked_reason: before.blocked_reason,
  }
}

/** A running step that no flow runs is run by the agent who has claimed its card, and follows it. */
async function ofClaimant(
  work: Work,
  { run, step }: LockedStep,
  before: TaskRow,
  after: TaskRow,
): Promise<Transition | undefined> {
  if (work.session === null || step.flow_job_id !== null || run.status === 'cancelled') return
  const [claim] = await liveClaims(work.tx, [before.id])
  if (claim?.session_id !== work.session.id) return
  return claimantMove(step, after.board_status)
}

/**
 * A card whose claim is over goes back: the step that its agent ran is queued again. A step that
 * has a view of its own by now keeps its card where it is.
 */
export async function requeueCard(
  work: Work,
  { run, step }: LockedStep,
  before: TaskRow,
  after: TaskRow,
  reason: string,
): Promise<TaskRow> {
  if (await leftForLater(work, run, [{ task_id: before.id, actor: work.caller.actor }])) {
    return after
  }
  if (step.status === 'pending') return after
  if (step.status !== 'running' || step.flow_job_id !== null || run.status === 'cancelled') {
    return before
  }
  const [queued] = await moveSteps(work, run, [step], requeue, { ...unsaid, reason })
  return queued ? { ...after, ...cardOf(queued), step_version: queued.version } : after
}
