import { replan as command, type ReplannedStep } from '../../commands/protocols.ts'
import type { StepRun } from '../../core/entities/protocol.ts'
import { conflict, found, invalid } from '../../core/errors.ts'
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
 * Puts a whole plan: steps are known by their ids, where given, else by their names. Missing ones
 * are deleted softly, new ones added, the rest changed in place, so that cards and history stay with
 * their steps.
 */
export const replan = mutation(command, async (work, { protocol_id, steps: plan }) => {
  const run = found(await lockProtocol(work.tx, protocol_id), 'protocol', protocol_id)
  if (run.status === 'cancelled') {
    throw conflict('run_is_cancelled', 'The protocol run is cancelled; create another one.')
  }
  checkPlan(plan)
  const before = await stepsOfRun(work.tx, run.id)
  const known = matchSteps(plan, before)
  const staying = new Set(known)
  const deleted = before.filter((step) => !staying.has(step))
  refuseRunning(deleted)

  const wanted = plan.map((step, index) => ({
    next: newStep(run, step, index),
    step: known[index],
  }))
  const kept = wanted.flatMap(({ next, step }) =>
    step ? [{ ...step, ...next, agent: next.agent ?? step.agent }] : [],
  )
  const added = await insertSteps(
    work.tx,
    wanted.flatMap(({ next, step }) => (step ? [] : [next])),
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
  // Postgres reads "now" as the time of the transaction.
  const gone = deleted.map((step) => ({ ...step, deleted_at: 'now' }))
  await saveSteps(work.tx, [...gone, ...differing])
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

/** The living step that each planned one is; undefined where it is a new one. */
function matchSteps(
  plan: readonly ReplannedStep[],
  before: readonly StepRun[],
): (StepRun | undefined)[] {
  const byId = new Map(before.map((step) => [step.id, step]))
  const claimed = new Set<number>()
  for (const [index, { step_id }] of plan.entries()) {
    if (step_id === undefined) continue
    if (!byId.has(step_id) || claimed.has(step_id)) {
      throw invalid(
        `steps.${index}.step_id`,
        'step_of_this_run',
        'must be a step of this run that was not deleted, named once',
      )
    }
    claimed.add(step_id)
  }
  const byName = new Map(
    before.filter((step) => !claimed.has(step.id)).map((step) => [step.step_name, step]),
  )
  return plan.map(({ step_id, step_name }) =>
    step_id === undefined ? byName.get(step_name) : byId.get(step_id),
  )
}

const ids = (steps: readonly StepRun[]) => steps.map((step) => step.id)
