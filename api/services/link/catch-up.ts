import type { ProtocolRun, StepRun } from '../../core/entities/protocol.ts'
import { cardOf } from '../../core/status.ts'
import { lockProtocol } from '../../store/protocols.ts'
import { tellOrigin } from '../../store/revisions.ts'
import { findStep, stepsOfRun } from '../../store/steps.ts'
import type { TaskRow } from '../../store/tasks.ts'
import type { MovedCard } from '../../store/unsynced.ts'
import { recordConflict } from '../conflict/record.ts'
import { leftForLater } from '../integration.ts'
import { type Work, workIn } from '../runtime.ts'
import { idsOfOpen } from '../sprint/guard.ts'
import { changeTasks } from '../task/change.ts'
import { moveLinkedCard } from '../task/drive-step.ts'
import { lockCardsOfRun, syncRun } from './sync.ts'

/**
 * Brings a locked run and its cards together after a time apart. A card that a person moved drives
 * its step, as ever, where the step stood still; where both moved and differ, or the step has a
 * view of its own, the step wins and both sides are kept as a conflict. Then the cards follow.
 */
export async function catchUpWith(
  work: Work,
  run: ProtocolRun,
  moved: readonly MovedCard[],
): Promise<void> {
  if (run.linked_sprint_id === null) return
  if (await leftForLater(work, run, moved)) return
  const steps = await stepsOfRun(work.tx, run.id)
  const { rows, sprints } = await lockCardsOfRun(work, run, run.linked_sprint_id)
  const open = idsOfOpen(sprints)
  const stepOfCard = new Map(steps.map((step) => [step.linked_task_id, step]))
  const moverOf = new Map(moved.map((it) => [it.task_id, it.actor]))
  for (const row of rows.values()) {
    const step = stepOfCard.get(row.id)
    const actor = moverOf.get(row.id)
    if (!actor || !step || cardOf(step).board_status === row.board_status) continue
    const theirs = await workIn(work.tx, work.runtime, { ...work.caller, actor })
    const stoodStill = step.version <= (row.step_version ?? 0)
    const isOpen = row.sprint_id === null || open.has(row.sprint_id)
    if (stoodStill && isOpen) await followCard(theirs, run.id, step.id, row)
    else await keepBothSides(theirs, step, row)
  }
  // What follows is the system's again.
  await tellOrigin(work.tx, work.caller)
  await syncRun(work, run, run.linked_sprint_id, true)
}

/** The card was moved from where its step has it: the same move, made now. */
async function followCard(work: Work, runId: number, stepId: number, row: TaskRow) {
  const run = await lockProtocol(work.tx, runId)
  const step = await findStep(work.tx, stepId)
  if (!run || !step) return
  const before = { ...row, ...cardOf(step) }
  const after = await moveLinkedCard(work, { run, step }, before, row, [])
  await changeTasks(work, [{ before: row, after }], 'step')
}

const keepBothSides = (work: Work, step: StepRun, row: TaskRow) =>
  recordConflict(work, row, {
    source: 'protocol',
    field: 'board_status',
    step_run_id: step.id,
    base_value: null,
    board_value: row.board_status,
    other_value: step.status,
  })
