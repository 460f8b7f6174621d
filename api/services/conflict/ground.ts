import type { Conflict } from '../../core/entities/conflict.ts'
import type { ProtocolRun, StepRun } from '../../core/entities/protocol.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import { lockOpenConflicts } from '../../store/conflicts.ts'
import { lockProtocols } from '../../store/protocols.ts'
import { findSteps } from '../../store/steps.ts'
import { lockTasks, type TaskRow } from '../../store/tasks.ts'
import type { Work } from '../runtime.ts'
import { holdSprints } from '../sprint/guard.ts'

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

/** Locks in the order of every other verb: runs, sprints, tasks. Statements do not grow in number. */
export async function lockGround(work: Work, conflicts: readonly Conflict[]): Promise<Ground> {
  const { tx } = work
  const stepIds = conflicts.flatMap((it) => it.step_run_id ?? [])
  const known = await findSteps(tx, stepIds)
  const runs = await lockProtocols(tx, [...new Set(known.map((it) => it.protocol_run_id))])
  const held = await holdSprints(
    tx,
    conflicts.map((it) => it.sprint_id),
  )
  const tasks = await lockTasks(tx, [...new Set(conflicts.flatMap((it) => it.task_id ?? []))])
  // Those that were moved meanwhile are in other sprints now.
  const elsewhere = tasks.map((it) => it.sprint_id).filter((it) => it !== null && !held.has(it))
  return {
    runs: byId(runs),
    steps: byId(await findSteps(tx, stepIds)),
    sprints: new Map([...held, ...(await holdSprints(tx, elsewhere))]),
    tasks: byId(tasks),
    open: await lockOpenConflicts(
      tx,
      conflicts.map((it) => it.id),
    ),
  }
}
