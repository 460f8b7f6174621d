/**
 * The order of locks. Whoever takes several takes them in this order, and all of one kind in one
 * statement that goes by id, so that two who want the same take turns rather than wait for each other:
 *
 * 1. the idempotency key; the session that it is done in, then other sessions
 * 2. a project's files (`countDecision`, `lockSyncRounds`); the order of a list (`lockOrder`)
 * 3. the project itself, to change or link it; its spec
 * 4. protocol runs, each with all its steps
 * 5. sprints: kept open, counted, or changed (store/sprints.ts says which waits for which)
 * 6. tasks, each with its claims, dependencies and revisions
 * 7. conflicts; the next numbers of a project
 *
 * What there is to lock is read before, without a lock. A task that moves between the two is held in
 * its new sprint too late: where that ends in a deadlock, the transaction is run again.
 */

import type { ProtocolRun } from '../core/entities/protocol.ts'
import type { Sprint } from '../core/entities/sprint.ts'
import type { Task } from '../core/entities/task.ts'
import type { Tx } from '../store/database.ts'
import { lockProtocols } from '../store/protocols.ts'
import { lockTasks, type TaskRow } from '../store/tasks.ts'
import type { Work } from './runtime.ts'
import { holdSprints } from './sprint/guard.ts'

/** Locks the runs whose steps stand behind these cards, and others. */
export async function lockRunsOf(
  work: Work,
  tasks: readonly Pick<Task, 'step_run_id' | 'protocol_run_id'>[],
  others: readonly number[] = [],
): Promise<ProtocolRun[]> {
  const ids = tasks.flatMap((task) => (task.step_run_id && task.protocol_run_id) ?? [])
  return lockProtocols(work.tx, [...new Set([...ids, ...others])])
}

export interface LockedCards {
  /** By id, in its order. */
  rows: Map<number, TaskRow>
  /** Those that the tasks are in, and those asked for. */
  sprints: Map<number, Sprint>
}

/**
 * Holds the sprints of these tasks and others, some of them to be changed, then locks the tasks.
 * @throws DomainError `not_found` where there is no such sprint
 */
export async function lockCards(
  tx: Tx,
  known: readonly Pick<Task, 'id' | 'sprint_id'>[],
  {
    others = [],
    changed = [],
  }: { others?: readonly (number | null)[]; changed?: readonly number[] } = {},
): Promise<LockedCards> {
  const sprints = await holdSprints(tx, [...known.map((it) => it.sprint_id), ...others], changed)
  const ids = [...new Set(known.map((it) => it.id))]
  const rows = ids.length === 0 ? [] : await lockTasks(tx, ids)
  // Moved meanwhile: the sprints they are in now count as well.
  const missed = rows.map((row) => row.sprint_id).filter((id) => id !== null && !sprints.has(id))
  for (const [id, sprint] of await holdSprints(tx, missed)) sprints.set(id, sprint)
  return { rows: new Map(rows.map((row) => [row.id, row])), sprints }
}
