import {
  cancelProtocol as cancelCommand,
  deleteProtocol as deleteCommand,
  pauseProtocol as pauseCommand,
  resumeProtocol as resumeCommand,
  startProtocol as startCommand,
} from '../../commands/protocols.ts'
import type { ProtocolRun, ProtocolStatus } from '../../core/entities/protocol.ts'
import { conflict, found } from '../../core/errors.ts'
import { protocolStatusOf } from '../../core/status.ts'
import { transitions } from '../../core/step-actions.ts'
import { findProtocol, lockProtocol } from '../../store/protocols.ts'
import { statusesOfRun, stepsOfRun } from '../../store/steps.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { moveSteps, turnProtocol, unsaid } from '../step/move.ts'
import { cancelExecution, goOnExecuting } from './execution.ts'

const lock = async (work: Work, id: number) =>
  found(await lockProtocol(work.tx, id), 'protocol', id)

function refuseUnless(run: ProtocolRun, action: string, from: readonly ProtocolStatus[]): void {
  if (from.includes(run.status)) return
  throw conflict(
    'protocol_transition',
    `The run is ${run.status}; "${action}" needs it to be ${from.join(', ')}.`,
  )
}

export const startProtocol = mutation(startCommand, async (work, { protocol_id }) => {
  const run = await lock(work, protocol_id)
  if (run.status === 'running') {
    work.nothingChanged()
    return run
  }
  refuseUnless(run, 'start', ['pending', 'planning', 'planned'])
  const statuses = await statusesOfRun(work.tx, run.id)
  if (statuses.length === 0) {
    throw conflict(
      'plan_has_steps',
      `The run has no steps; put a plan first (PUT /protocols/${run.id}/steps).`,
    )
  }
  return turnProtocol(work, run, 'running')
})

export const pauseProtocol = mutation(pauseCommand, async (work, { protocol_id }) => {
  const run = await lock(work, protocol_id)
  if (run.status === 'paused') {
    work.nothingChanged()
    return run
  }
  refuseUnless(run, 'pause', ['pending', 'planned', 'running', 'blocked', 'needs_qa', 'failed'])
  return turnProtocol(work, run, 'paused')
})

export const resumeProtocol = mutation(resumeCommand, async (work, { protocol_id }) => {
  const run = await lock(work, protocol_id)
  if (run.status === 'running') {
    work.nothingChanged()
    return run
  }
  refuseUnless(run, 'resume', ['paused'])
  const statuses = await statusesOfRun(work.tx, run.id)
  const resumed = await turnProtocol(work, run, protocolStatusOf('running', statuses))
  return goOnExecuting(work, resumed)
})

/** Cancels a locked run and every step of it that has not ended. */
export async function cancel(
  work: Work,
  run: ProtocolRun,
  reason = 'The protocol run was cancelled.',
): Promise<ProtocolRun> {
  if (run.status === 'cancelled') {
    work.nothingChanged()
    return run
  }
  const steps = await stepsOfRun(work.tx, run.id)
  const open = steps.filter((step) =>
    ['pending', 'running', 'needs_qa', 'blocked'].includes(step.status),
  )
  const cancelled = await cancelExecution(work, await turnProtocol(work, run, 'cancelled'))
  await moveSteps(work, cancelled, open, transitions.cancel, {
    ...unsaid,
    reason,
  })
  return found(await findProtocol(work.tx, run.id), 'protocol', run.id)
}

export const cancelProtocol = mutation(cancelCommand, async (work, { protocol_id }) => {
  const run = await lock(work, protocol_id)
  if (run.status !== 'cancelled') {
    refuseUnless(run, 'cancel', [
      'pending',
      'planning',
      'planned',
      'running',
      'paused',
      'blocked',
      'needs_qa',
      'failed',
    ])
  }
  return cancel(work, run)
})

/** Runs are history: deleting one cancels it, and what was done stays on the record. */
export const deleteProtocol = mutation(deleteCommand, async (work, { protocol_id }) => {
  const run = await lock(work, protocol_id)
  if (run.status === 'completed') {
    throw conflict('run_is_completed', 'A completed run is history and stays.')
  }
  return cancel(work, run)
})
