import { cardMove } from '../../core/card-moves.ts'
import type { Conflict } from '../../core/entities/conflict.ts'
import type { StepRun } from '../../core/entities/protocol.ts'
import type { BoardStatus } from '../../core/entities/task.ts'
import { found } from '../../core/errors.ts'
import { cardOf } from '../../core/status.ts'
import { type StepAction, transitions } from '../../core/step-actions.ts'
import { resolveConflicts } from '../../store/conflicts.ts'
import { countDecision } from '../../store/delegation-syncs.ts'
import { findProtocol } from '../../store/protocols.ts'
import type { TaskRow } from '../../store/tasks.ts'
import type { Work } from '../runtime.ts'
import { moveSteps, unsaid } from '../step/move.ts'
import { changeTasks } from '../task/change.ts'
import { tellOverride } from '../task/editable.ts'
import { type Decision, decide, type Side } from './decide.ts'
import { lockGround } from './ground.ts'
import { type Settled, settleFiles } from './settle-files.ts'
import { tellResolved } from './supersede.ts'

interface Taken extends Extract<Decision, { kind: 'resolves' }> {
  conflict: Conflict
}

/** Resolves conflicts one way, as far as each allows it; the rest stay as they are. */
export async function settle(
  work: Work,
  conflicts: readonly Conflict[],
  side: Side,
  overrideReason: string | undefined,
): Promise<Settled[]> {
  const ofFiles = conflicts.filter((it) => it.source === 'file')
  const others = conflicts.filter((it) => it.source !== 'file')
  const projectIds = ofFiles.map((it) => it.project_id)
  if (projectIds.length > 0) await countDecision(work.tx, projectIds)
  const settled = [
    ...(others.length > 0 ? await settleCards(work, others, side, overrideReason) : []),
    ...(ofFiles.length > 0 ? await settleFiles(work, ofFiles, side, overrideReason) : []),
  ]
  const byId = new Map(settled.map((it) => [it.conflict.id, it]))
  return conflicts.flatMap((it) => byId.get(it.id) ?? [])
}

/** Those between a card and its step, or the tasks.md it came from. */
async function settleCards(
  work: Work,
  conflicts: readonly Conflict[],
  side: Side,
  overrideReason: string | undefined,
): Promise<Settled[]> {
  const ground = await lockGround(work, conflicts)
  const decisions = conflicts.map((conflict) => ({
    conflict,
    decision: ground.open.has(conflict.id)
      ? decide(ground, conflict, { caller: work.caller, side, overrideReason })
      : null,
  }))
  const taken = decisions.flatMap(({ conflict, decision }) =>
    decision?.kind === 'resolves' ? [{ ...decision, conflict }] : [],
  )
  const moved = await driveSteps(work, taken)
  await changeCards(work, taken, moved, side)
  for (const { overrides, task } of taken) {
    const { id, project_id, sprint_id } = task
    if (!overrides || sprint_id === null) continue
    await tellOverride(work, { id, project_id, sprint_id }, overrideReason ?? '')
  }
  const ids = taken.map((it) => it.conflict.id)
  const resolved = await resolveConflicts(work.tx, ids, side, work.caller.actor)
  await tellResolved(work, resolved)

  const after = new Map(resolved.map((conflict) => [conflict.id, conflict]))
  return decisions.map(({ conflict, decision }): Settled => {
    if (decision === null) return { conflict, outcome: 'unchanged' }
    if (decision.kind === 'stays') {
      return { conflict, outcome: 'stays', rule: decision.rule, detail: decision.detail }
    }
    return { conflict: after.get(conflict.id) ?? conflict, outcome: 'resolved' }
  })
}

/** Acts on the steps, those of one run and action together; answers how they stand afterwards. */
async function driveSteps(work: Work, taken: readonly Taken[]): Promise<Map<number, StepRun>> {
  const now = new Map<number, StepRun>()
  for (const turn of [0, 1]) {
    const groups = new Map<string, { runId: number; action: StepAction; steps: StepRun[] }>()
    for (const { step, actions } of taken) {
      const action = actions[turn]
      if (!step || !action) continue
      const runId = step.protocol_run_id
      const group = groups.get(`${runId} ${action}`) ?? { runId, action, steps: [] }
      group.steps.push(now.get(step.id) ?? step)
      groups.set(`${runId} ${action}`, group)
    }
    for (const { runId, action, steps } of groups.values()) {
      const run = found(await findProtocol(work.tx, runId), 'protocol', runId)
      const moved = await moveSteps(work, run, steps, transitions[action], {
        ...unsaid,
        reason: `Resolved for the board by ${work.caller.actor}.`,
      })
      for (const step of moved) now.set(step.id, step)
    }
  }
  return now
}

async function changeCards(
  work: Work,
  taken: readonly Taken[],
  moved: ReadonlyMap<number, StepRun>,
  side: Side,
): Promise<void> {
  const rows = new Map(taken.map(({ task }) => [task.id, task]))
  const linked = taken.flatMap(({ conflict, task, step }) => {
    if (conflict.source !== 'protocol' || !step) return []
    const now = moved.get(step.id) ?? step
    const state =
      side === 'board' ? wantedCard(now, conflict.board_value as BoardStatus) : cardOf(now)
    return [{ before: task, after: { ...task, ...state, step_version: now.version } }]
  })
  const saved = await changeTasks(work, linked, side === 'board' ? 'hand' : 'step')
  for (const row of saved) rows.set(row.id, row)
  if (side === 'board') return

  const fromFile = new Map<number, TaskRow>()
  for (const { conflict, task } of taken.filter((it) => it.conflict.source === 'spec')) {
    const row = fromFile.get(task.id) ?? rows.get(task.id) ?? task
    fromFile.set(task.id, takeFile(row, conflict))
  }
  await changeTasks(
    work,
    [...fromFile].map(([id, after]) => ({ before: rows.get(id) ?? after, after })),
    'import',
  )
}

/** Where the card was wanted, if the step has no view on that; else where the step got to. */
function wantedCard(step: StepRun, wanted: BoardStatus) {
  const reached = cardOf(step)
  if (reached.board_status === wanted) return reached
  const free = cardMove(step.status, wanted).kind === 'free' || step.status === 'needs_qa'
  return free ? { board_status: wanted, skipped: false, blocked_reason: null } : reached
}

/** The file's value instead of the board's, which is no longer set by hand. */
function takeFile(row: TaskRow, { field, other_value }: Conflict): TaskRow {
  if (field === 'board_status') {
    // An open box means the first column of where the task is now.
    const waits = other_value === 'todo' || other_value === 'backlog'
    const first = row.sprint_id === null ? 'backlog' : 'todo'
    const board_status = waits ? first : (other_value as BoardStatus)
    return { ...row, board_status, skipped: false, blocked_reason: null }
  }
  const hand_set = row.hand_set.filter((it) => it !== field)
  return { ...row, [field]: other_value, hand_set }
}
