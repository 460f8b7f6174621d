import { createProtocol as command, type PlannedStep } from '../../commands/protocols.ts'
import type { ProtocolRun, StepRun } from '../../core/entities/protocol.ts'
import { found } from '../../core/errors.ts'
import { checkPlan } from '../../core/plan.ts'
import { findProject } from '../../store/projects.ts'
import { insertProtocol } from '../../store/protocols.ts'
import { insertSteps, saveSteps } from '../../store/steps.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { holdSprints, refuseClosed, sameProject } from '../sprint/guard.ts'

export const createProtocol = mutation(command, async (work, { steps: plan, ...run }) => {
  found(await findProject(work.tx, run.project_id), 'project', run.project_id)
  checkPlan(plan)
  for (const sprint of (await holdSprints(work.tx, [run.sprint_id ?? null])).values()) {
    sameProject(`Sprint ${sprint.code}`, sprint.project_id, run.project_id)
    refuseClosed(sprint)
  }
  const created = await insertProtocol(work.tx, {
    ...run,
    spec_id: run.spec_id ?? null,
    sprint_id: run.sprint_id ?? null,
    parent_run_id: run.parent_run_id ?? null,
    status: plan.length > 0 ? 'planned' : 'pending',
  })
  const steps = await addSteps(work, created, plan)
  await work.record({
    type: 'protocol.created',
    entity_type: 'protocol',
    entity_id: created.id,
    project_id: created.project_id,
    protocol_run_id: created.id,
    payload: { protocol_name: created.protocol_name, steps: steps.length },
  })
  return { ...created, steps }
})

async function addSteps(
  work: Work,
  run: ProtocolRun,
  plan: readonly PlannedStep[],
): Promise<StepRun[]> {
  const added = await insertSteps(
    work.tx,
    plan.map((step, step_index) => newStep(run, step, step_index)),
  )
  const steps = withDependencies(added, plan)
  await saveSteps(
    work.tx,
    steps.filter((step) => step.depends_on.length > 0),
  )
  return steps
}

export const newStep = (run: ProtocolRun, step: PlannedStep, step_index: number) => ({
  project_id: run.project_id,
  protocol_run_id: run.id,
  step_index,
  step_name: step.step_name,
  step_type: step.step_type,
  story_points: step.story_points ?? null,
  parallel_group: step.parallel_group ?? null,
  qa_required: step.qa_required,
  agent: step.agent ?? null,
})

/** Names in the plan become ids, now that the steps have some. The plan has been checked. */
export function withDependencies(
  steps: readonly StepRun[],
  plan: readonly PlannedStep[],
): StepRun[] {
  const idOf = new Map(steps.map((step) => [step.step_name, step.id]))
  const planned = new Map(plan.map((step) => [step.step_name, step]))
  return steps.map((step) => ({
    ...step,
    depends_on: [
      ...new Set(
        (planned.get(step.step_name)?.depends_on ?? []).flatMap((name) => idOf.get(name) ?? []),
      ),
    ],
  }))
}
