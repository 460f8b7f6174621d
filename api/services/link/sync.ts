import type { SyncReport } from '../../commands/links.ts'
import type { ProtocolRun, StepRun } from '../../core/entities/protocol.ts'
import { gap } from '../../core/ordering.ts'
import { cardOf } from '../../core/status.ts'
import { defaultPoints, defaultPriority } from '../../core/step-defaults.ts'
import { addDependencies, removeStaleDependencies } from '../../store/dependencies.ts'
import { saveSteps, stepsOfRun } from '../../store/steps.ts'
import { cardsOf, type TaskRow } from '../../store/tasks.ts'
import { supersedeByStep } from '../conflict/supersede.ts'
import { leftForLater } from '../integration.ts'
import { lockCards } from '../lock.ts'
import type { Work } from '../runtime.ts'
import { idsOfOpen } from '../sprint/guard.ts'
import { changeTasks, makeTasks } from '../task/change.ts'

/**
 * Lets the cards of a locked run follow a changed plan; a run without a sprint has none. While the
 * integration is off they stay as they are.
 */
export async function syncLinkedRun(work: Work, run: ProtocolRun): Promise<void> {
  if (run.linked_sprint_id === null || (await leftForLater(work, run))) return
  await syncRun(work, run, run.linked_sprint_id, true)
}

/**
 * Brings the steps of a locked run onto the board of its sprint. What a person has set by hand
 * stays, a card that was carried over stays where it is, and a second sync does nothing. A sprint
 * that has ended is left as it is: new steps get their cards in the backlog then.
 */
export async function syncRun(
  work: Work,
  run: ProtocolRun,
  sprintId: number,
  createMissing: boolean,
): Promise<SyncReport> {
  const { rows, sprints } = await lockCardsOfRun(work, run, sprintId)
  const open = idsOfOpen(sprints)
  const target = open.has(sprintId) ? sprintId : null
  const steps = await stepsOfRun(work.tx, run.id, true)
  const tasks = [...rows.values()]
  const taskOfStep = new Map(tasks.map((task) => [task.step_run_id, task]))
  const isOpen = ({ sprint_id }: TaskRow) => sprint_id === null || open.has(sprint_id)

  const unlinked = steps.filter((step) => !step.deleted_at && !taskOfStep.has(step.id))
  const created = createMissing ? await makeCards(work, run, target, unlinked) : []

  const pairs = steps.flatMap((step) => {
    const before = taskOfStep.get(step.id)
    if (!before || !isOpen(before)) return []
    const after = cardAfter(before, step)
    return differs(before, after) ? [{ before, after }] : []
  })
  await changeTasks(work, pairs, 'step', { toldTo: sprintId })
  await supersedeByStep(
    work,
    pairs.map(({ after }) => ({ task_id: after.id, board_status: after.board_status })),
  )
  await syncDependencies(work, run, steps, [...tasks, ...created], isOpen)

  const archived = pairs.filter(
    ({ before, after }) => after.board_status === 'archived' && before.board_status !== 'archived',
  )
  const report = {
    sprint_id: sprintId,
    protocol_run_id: run.id,
    created: created.map((task) => task.id),
    updated: pairs.filter((pair) => !archived.includes(pair)).map((pair) => pair.after.id),
    archived: archived.map((pair) => pair.after.id),
    missing: createMissing ? [] : unlinked.map((step) => step.id),
    unchanged: tasks.length - pairs.length,
  }
  if (!didNothing(report)) {
    await work.record({
      type: 'sprint.synced',
      entity_type: 'sprint',
      entity_id: sprintId,
      project_id: run.project_id,
      sprint_id: sprintId,
      protocol_run_id: run.id,
      payload: {
        created: created.length,
        updated: report.updated.length,
        archived: archived.length,
      },
    })
  }
  return report
}

/** The cards of a locked run, and its sprint. */
export const lockCardsOfRun = async ({ tx }: Work, { id }: ProtocolRun, sprintId: number) =>
  lockCards(tx, await cardsOf(tx, { protocol_run_id: id }), { others: [sprintId] })

export const didNothing = (report: SyncReport): boolean =>
  report.created.length + report.updated.length + report.archived.length === 0

async function makeCards(
  work: Work,
  run: ProtocolRun,
  sprintId: number | null,
  steps: readonly StepRun[],
): Promise<TaskRow[]> {
  const made = await makeTasks(
    work,
    run.project_id,
    steps.map((step) => ({
      sprint_id: sprintId,
      protocol_run_id: run.id,
      step_run_id: step.id,
      step_version: step.version,
      labels: [step.step_type],
      ...fromPlan(step),
      ...cardOf(step),
      ...(sprintId === null && step.status === 'pending'
        ? { board_status: 'backlog' as const }
        : {}),
    })),
    'step',
    { toldTo: sprintId },
  )
  const taskOfStep = new Map(made.map((task) => [task.step_run_id, task.id]))
  await saveSteps(
    work.tx,
    steps.map((step) => ({ ...step, linked_task_id: taskOfStep.get(step.id) ?? null })),
  )
  return made
}

const fromPlan = (step: StepRun) => ({
  title: step.step_name,
  story_points: step.story_points ?? defaultPoints(step.step_type),
  priority: defaultPriority(step.step_index),
  assignee: step.agent,
  position: step.step_index * gap,
})

/** The card as the step wants it, less what a person has set, and never older than it is. */
function cardAfter(before: TaskRow, step: StepRun): TaskRow {
  const planned = Object.fromEntries(
    Object.entries(fromPlan(step)).filter(
      ([field, value]) =>
        !before.hand_set.includes(field) && !(field === 'assignee' && value === null),
    ),
  )
  const stale = step.version <= (before.step_version ?? 0) && !step.deleted_at
  const state = stale ? {} : { ...cardOf(step), step_version: step.version }
  return { ...before, ...planned, ...state }
}

const differs = (before: TaskRow, after: TaskRow) =>
  Object.entries(after).some(([field, value]) => before[field as keyof TaskRow] !== value)

/** Dependencies between steps, as hard ones of their cards, except in sprints that have ended. */
async function syncDependencies(
  work: Work,
  run: ProtocolRun,
  steps: readonly StepRun[],
  cards: readonly TaskRow[],
  isOpen: (task: TaskRow) => boolean,
): Promise<void> {
  const open = new Set(cards.filter(isOpen).map((card) => card.id))
  const cardOfStep = new Map(cards.map((card) => [card.step_run_id, card.id]))
  const edges = steps
    .filter((step) => !step.deleted_at)
    .flatMap((step) =>
      step.depends_on.flatMap((other) => {
        const task_id = cardOfStep.get(step.id)
        const depends_on_id = cardOfStep.get(other)
        return task_id === undefined || depends_on_id === undefined || !open.has(task_id)
          ? []
          : [
              {
                task_id,
                depends_on_id,
                project_id: run.project_id,
                kind: 'hard' as const,
                confidence: 1,
                source: 'protocol' as const,
              },
            ]
      }),
    )
  await removeStaleDependencies(work.tx, 'protocol', [...open], edges)
  await addDependencies(work.tx, edges)
}
