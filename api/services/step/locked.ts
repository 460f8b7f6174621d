import type { ProtocolRun, StepRun } from '../../core/entities/protocol.ts'
import { conflict, found } from '../../core/errors.ts'
import type { StepAction } from '../../core/step-actions.ts'
import { lockProtocol } from '../../store/protocols.ts'
import { findStep } from '../../store/steps.ts'
import type { Work } from '../runtime.ts'

export interface LockedStep {
  run: ProtocolRun
  step: StepRun
}

/** A paused run starts no further steps; in a cancelled one nothing moves any more. */
export const isHeld = (run: ProtocolRun, action: StepAction): boolean =>
  run.status === 'cancelled' || (run.status === 'paused' && action === 'start')

/** @throws DomainError `conflict` where one of these is running: an agent is at it */
export function refuseRunning(leaving: readonly StepRun[]): void {
  const busy = leaving.filter((step) => step.status === 'running')
  if (busy.length === 0) return
  throw conflict(
    'running_step_stays',
    `These steps are running and cannot leave the plan: ${busy.map((step) => `"${step.step_name}"`).join(', ')}; cancel them first.`,
  )
}

/** A living step with its run locked, so that nothing else moves in it meanwhile. */
export async function lockStep(work: Work, stepId: number): Promise<LockedStep> {
  const { protocol_run_id } = found(await findStep(work.tx, stepId), 'step', stepId)
  const run = found(await lockProtocol(work.tx, protocol_run_id), 'protocol', protocol_run_id)
  const step = found(await findStep(work.tx, stepId), 'step', stepId)
  if (step.deleted_at !== null) {
    throw conflict(
      'step_is_deleted',
      `Step ${stepId} was deleted from its plan; put it back with PUT /protocols/${run.id}/steps.`,
    )
  }
  return { run, step }
}
