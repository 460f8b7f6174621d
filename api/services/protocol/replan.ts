import { replan as command } from '../../commands/protocols.ts'
import type { StepRun } from '../../core/entities/protocol.ts'
import { conflict, found } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { checkPlan } from '../../core/plan.ts'
import { lockProtocol } from '../../store/protocols.ts'
import { insertSteps, saveSteps, stepsOfRun } from '../../store/steps.ts'
import { syncLinkedRun } from '../link/sync.ts'
import { mutation } from '../mutation.ts'
import { refuseRunning } from '../step/locked.ts'
import { followSteps } from '../step/move.ts'
import { newStep, withDependencies } from './create.ts'

/**
 * Puts a whole plan: steps are known by their names. Missing ones are deleted softly, new ones
 * added, the rest changed in place, so that cards and history stay with their steps.
 */
export const replan = mutation(command, async (work, { protocol_id, steps: plan }) => {
  const run = found(await lockProtocol(work.tx, protocol_id), 'protocol', protocol_id)
  if (run.status === 'cancelled') {
    throw conflict('run_is_cancelled', 'The protocol run is cancelled; create another one.')
  }
  checkPlan(plan)
  const before = await stepsOfRun(work.tx, run.id)
  const wanted = new Map(plan.map((step, index) => [step.step_name, newStep(run, step, index)]))
  const deleted = before.filter((step) => !wanted.has(step.step_name))
  refuseRunning(deleted)

  const kept = before.flatMap((step) => {
    const next = wanted.get(step.step_name)
    return next ? [{ ...step, ...next, agent: next.agent ?? step.agent }] : []
  })
  const known = new Set(before.map((step) => step.step_name))
  const added = await insertSteps(
    work.tx,
    [...wanted.values()].filter((step) => !known.has(step.step_name)),
  )
  const steps = withDependencies([...kept, ...added], plan).sort(
    (one, other) => one.step_index - other.step_index,
  )
  const original = new Map([...before, ...added].map((step) => [step.id, step]))
  const differing = steps.filter((step) => changesBetween({ ...original.get(step.id) }, step))
  if (added.length + deleted.length + differing.length === 0) {
    work.nothingChanged()
    return { ...run, steps }
  }
  const now = new Date().toISOString()
  await saveSteps(work.tx, [...deleted.map((step) => ({ ...step, deleted_at: now })), ...differing])
  const changed = differing.filter((step) => !added.some((it) => it.id === step.id))
  await work.record({
    type: 'protocol.replanned',
    entity_type: 'protocol',
    entity_id: run.id,
    project_id: run.project_id,
    sprint_id: run.linked_sprint_id,
    protocol_run_id: run.id,
    payload: { added: ids(added), changed: ids(changed), deleted: ids(deleted) },
  })
  const followed = await followSteps(work, run)
  await syncLinkedRun(work, followed)
  return { ...followed, steps: await stepsOfRun(work.tx, run.id) }
})

const ids = (steps: readonly StepRun[]) => steps.map((step) => step.id)
