import type { StepRun } from './entities/protocol.ts'
import { satisfiesDependants } from './status.ts'

/** The steps of a run that may start now, in order: queued, and all they depend on is done. */
export function readySteps(
  steps: readonly Pick<StepRun, 'id' | 'status' | 'depends_on'>[],
): number[] {
  const done = new Set(steps.filter((it) => satisfiesDependants(it.status)).map((it) => it.id))
  return steps
    .filter((it) => it.status === 'pending' && it.depends_on.every((id) => done.has(id)))
    .map((it) => it.id)
}
