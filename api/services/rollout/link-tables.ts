import type { Project } from '../../core/entities/project.ts'
import type { StepRun } from '../../core/entities/protocol.ts'
import type { PlannedLink } from '../../core/rollout/plan-links.ts'
import { defaultPoints, defaultPriority } from '../../core/step-defaults.ts'
import { lockProtocols } from '../../store/protocols.ts'
import { linkRunsToSprints } from '../../store/rollout.ts'
import { findSteps, saveSteps } from '../../store/steps.ts'
import { lockTasks, type TaskRow } from '../../store/tasks.ts'
import { noteUnsynced } from '../../store/unsynced.ts'
import type { Work } from '../runtime.ts'
import { holdSprints, isClosed } from '../sprint/guard.ts'
import { changeTasks } from '../task/change.ts'

/**
 * Links rows of a locked project as planned, states untouched: what differs between the two sides is
 * noted, and brought together where the integration is on, as after any time apart. Of a sprint that
 * has ended nothing is: it stays as it was. False where there was nothing to link.
 */
export async function linkTables(
  work: Work,
  project: Project,
  links: readonly PlannedLink[],
): Promise<boolean> {
  if (links.length === 0) return false
  await lockProtocols(
    work.tx,
    links.map((link) => link.run.id),
  )
  const sprints = await holdSprints(
    work.tx,
    links.map((link) => link.sprint.id),
  )
  const fresh = links.filter((link) => link.run.sprintLink === null)
  await linkRunsToSprints(
    work.tx,
    fresh.map((link) => ({ run: link.run.id, sprint: link.sprint.id })),
  )
  const moved = await linkTasks(work, links)
  const open = links.filter((link) => {
    const sprint = sprints.get(link.sprint.id)
    return sprint !== undefined && !isClosed(sprint)
  })
  const openRuns = new Set(open.map((link) => link.run.id))
  await noteUnsynced(work.tx, project.id, [
    ...open.map((link) => ({ protocol_run_id: link.run.id, task_id: null, actor: null })),
    ...moved
      .filter((it) => openRuns.has(it.protocol_run_id))
      .map((it) => ({ ...it, actor: work.caller.actor })),
  ])
  await work.record(
    ...fresh.map((link) => ({
      type: 'protocol.sprint_linked' as const,
      entity_type: 'protocol',
      entity_id: link.run.id,
      project_id: project.id,
      sprint_id: link.sprint.id,
      protocol_run_id: link.run.id,
      payload: { sprint_id: link.sprint.id },
    })),
    {
      type: 'project.sprints_linked',
      entity_type: 'project',
      entity_id: project.id,
      project_id: project.id,
      payload: {
        sprints: fresh.length,
        tasks: links.reduce((sum, link) => sum + link.tasks.length, 0),
      },
    },
  )
  return true
}

/** Answers the cards that have a place of their own already: to be counted as moved by hand. */
async function linkTasks(work: Work, links: readonly PlannedLink[]) {
  const pairs = links.flatMap((link) => link.tasks)
  const steps = await findSteps(
    work.tx,
    pairs.map(({ step }) => step.id),
  )
  const rows = await lockTasks(
    work.tx,
    pairs.map(({ task }) => task.id),
  )
  const stepOf = new Map(steps.map((step) => [step.id, step]))
  const stepOfTask = new Map(pairs.map(({ step, task }) => [task.id, stepOf.get(step.id)]))
  const changes = rows.flatMap((before) => {
    const step = stepOfTask.get(before.id)
    return step ? [{ before, after: linkedTo(step, before), step }] : []
  })
  await changeTasks(work, changes, 'hand')
  const taskOfStep = new Map(changes.map(({ step, after }) => [step.id, after.id]))
  await saveSteps(
    work.tx,
    steps.map((step) => ({ ...step, linked_task_id: taskOfStep.get(step.id) ?? null })),
  )
  await work.record(
    ...changes.map(({ step, after }) => ({
      type: 'task.step_linked' as const,
      entity_type: 'task',
      entity_id: after.id,
      project_id: after.project_id,
      sprint_id: after.sprint_id,
      protocol_run_id: step.protocol_run_id,
      payload: { step_run_id: step.id },
    })),
  )
  return changes
    .filter(({ after }) => !waits(after))
    .map(({ step, after }) => ({ protocol_run_id: step.protocol_run_id, task_id: after.id }))
}

const waits = (task: Pick<TaskRow, 'board_status'>) =>
  task.board_status === 'todo' || task.board_status === 'backlog'

/** What people gave the card stays theirs. A card that waits has seen nothing of its step yet. */
function linkedTo(step: StepRun, task: TaskRow): TaskRow {
  const planned = {
    title: step.step_name,
    priority: defaultPriority(step.step_index),
    story_points: step.story_points ?? defaultPoints(step.step_type),
    assignee: step.agent ?? task.assignee,
  }
  const own = Object.entries(planned)
    .filter(([field, value]) => task[field as keyof typeof planned] !== value)
    .map(([field]) => field)
  return {
    ...task,
    protocol_run_id: step.protocol_run_id,
    step_run_id: step.id,
    step_version: waits(task) ? null : step.version,
    hand_set: [...new Set([...task.hand_set, ...own])],
  }
}
