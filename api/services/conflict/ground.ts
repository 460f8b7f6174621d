import type { Conflict } from '../../core/entities/conflict.ts'
import type { ProtocolRun, StepRun } from '../../core/entities/protocol.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import { lockOpenConflicts } from '../../store/conflicts.ts'
import { lockProtocols } from '../../store/protocols.ts'
import { findSteps } from '../../store/steps.ts'
import type { TaskRow } from '../../store/tasks.ts'
import { lockCards } from '../lock.ts'
import type { Work } from '../runtime.ts'

/** Everything that conflicts are about, held until the transaction ends. */
export interface Ground {
  runs: Map<number, ProtocolRun>
  steps: Map<number, StepRun>
  sprints: Map<number, Sprint>
  tasks: Map<number, TaskRow>
  /** Ids of those that nobody has resolved. */
  open: Set<number>
}

const byId = <T extends { id: number }>(rows: readonly T[]) =>
  new Map(rows.map((it) => [it.id, it]))

/** Statements do not grow in number. */
export async function lockGround(work: Work, conflicts: readonly Conflict[]): Promise<Ground> {
  const { tx } = work
  const stepIds = conflicts.flatMap((it) => it.step_run_id ?? [])
  const known = await findSteps(tx, stepIds)
  const runs = await lockProtocols(tx, [...new Set(known.map((it) => it.protocol_run_id))])
  const cards = conflicts.flatMap(({ task_id, sprint_id }) =>
    task_id === null ? [] : [{ id: task_id, sprint_id }],
  )
  const { rows: tasks, sprints } = await lockCards(tx, cards)
  return {
    runs: byId(runs),
    steps: byId(await findSteps(tx, stepIds)),
    sprints,
    tasks,
    open: await lockOpenConflicts(
      tx,
      conflicts.map((it) => it.id),
    ),
  }
}
