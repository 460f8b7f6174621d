import { deleteStep as deleteCommand, updateStep as updateCommand } from '../../commands/steps.ts'
import { found } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { dependantsOf, saveSteps } from '../../store/steps.ts'
import { syncLinkedRun } from '../link/sync.ts'
import { mutation } from '../mutation.ts'
import { lockStep, refuseRunning } from './locked.ts'
import { followSteps } from './move.ts'

export const updateStep = mutation(updateCommand, async (work, { step_id, ...wanted }) => {
  const { run, step } = await lockStep(work, step_id)
  const changes = changesBetween(step, wanted)
  if (!changes) {
    work.nothingChanged()
    return step
  }
  const [after] = await saveSteps(work.tx, [{ ...step, ...changes.values }])
  await work.record({
    type: 'step.updated',
    entity_type: 'step',
    entity_id: step_id,
    project_id: step.project_id,
    sprint_id: run.linked_sprint_id,
    protocol_run_id: run.id,
    payload: { changes: changes.told },
  })
  await syncLinkedRun(work, run)
  return found(after, 'step', step_id)
})

export const deleteStep = mutation(deleteCommand, async (work, { step_id }) => {
  const { run, step } = await lockStep(work, step_id)
  refuseRunning([step])
  const dependants = await dependantsOf(work.tx, step)
  // Postgres reads "now" as the time of the transaction.
  const [gone] = await saveSteps(work.tx, [
    { ...step, deleted_at: 'now' },
    ...dependants.map((it) => ({
      ...it,
      depends_on: it.depends_on.filter((id) => id !== step_id),
    })),
  ])
  await work.record({
    type: 'step.deleted',
    entity_type: 'step',
    entity_id: step_id,
    project_id: step.project_id,
    sprint_id: run.linked_sprint_id,
    protocol_run_id: run.id,
    payload: { step_name: step.step_name },
  })
  await followSteps(work, run)
  await syncLinkedRun(work, run)
  return found(gone, 'step', step_id)
})
