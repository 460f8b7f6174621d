import type { ProtocolRun, StepRun, StepUsage } from '../../core/entities/protocol.ts'
import { protocolStatusOf } from '../../core/status.ts'
import type { Transition } from '../../core/step-actions.ts'
import { setProtocolStatus } from '../../store/protocols.ts'
import { moveSteps as save, statusesOfRun } from '../../store/steps.ts'
import { goOnExecuting } from '../protocol/execution.ts'
import type { Work } from '../runtime.ts'

export interface Said {
  reason: string | null
  agent: string | null
  tokens: number | null
  usage: StepUsage | null
  cost_usd: number | null
  job_id: string | null
}

export const unsaid: Said = {
  reason: null,
  agent: null,
  tokens: null,
  usage: null,
  cost_usd: null,
  job_id: null,
}

/**
 * Moves steps of a locked run and tells of each; then the run's own status follows. Answers the
 * moved ones as they are now.
 */
export async function moveSteps(
  work: Work,
  run: ProtocolRun,
  steps: readonly StepRun[],
  transition: Transition,
  said: Said = unsaid,
): Promise<StepRun[]> {
  const moved = await save(
    work.tx,
    steps.map((step) => step.id),
    transition.to,
    said,
  )
  const before = new Map(steps.map((step) => [step.id, step]))
  await work.record(
    ...moved.map((step) => ({
      type: transition.event,
      entity_type: 'step',
      entity_id: step.id,
      project_id: step.project_id,
      sprint_id: run.linked_sprint_id,
      protocol_run_id: run.id,
      payload: {
        step_name: step.step_name,
        from: before.get(step.id)?.status ?? step.status,
        to: step.status,
        reason: step.status_reason,
        attempt: step.attempt,
        version: step.version,
        linked_task_id: step.linked_task_id,
        tokens: step.tokens,
        usage: step.usage,
        cost_usd: step.cost_usd,
        at: step.updated_at,
      },
    })),
  )
  await followSteps(work, run)
  return moved
}

/** Lets the status of a locked run follow from its living steps. */
export async function followSteps(work: Work, run: ProtocolRun): Promise<ProtocolRun> {
  const status = protocolStatusOf(run.status, await statusesOfRun(work.tx, run.id))
  return goOnExecuting(work, await turnProtocol(work, run, status))
}

/** Gives a locked run another status and tells of it. */
export async function turnProtocol(
  work: Work,
  run: ProtocolRun,
  status: ProtocolRun['status'],
): Promise<ProtocolRun> {
  if (status === run.status) return run
  const turned = await setProtocolStatus(work.tx, run.id, status)
  await work.record({
    type: 'protocol.status_changed',
    entity_type: 'protocol',
    entity_id: run.id,
    project_id: run.project_id,
    sprint_id: run.linked_sprint_id,
    protocol_run_id: run.id,
    payload: { from: run.status, to: status },
  })
  return turned
}
