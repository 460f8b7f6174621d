import { ProtocolRun } from '../core/entities/protocol.ts'
import { columnsOf, type Db, rowFor, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

const columns = columnsOf(ProtocolRun)

export type NewProtocol = Pick<ProtocolRun, 'project_id' | 'protocol_name'> & Partial<ProtocolRun>

export async function insertProtocol(tx: Tx, run: NewProtocol): Promise<ProtocolRun> {
  const [row] = await tx<ProtocolRun[]>`
    insert into protocol_runs ${rowFor(tx, run)} returning ${tx(columns)}`
  return row as ProtocolRun
}

export async function findProtocol(db: Db, id: number): Promise<ProtocolRun | undefined> {
  const [row] = await db<ProtocolRun[]>`
    select ${db(columns)} from protocol_runs where id = ${id}`
  return row
}

/** Locks a run. Every change of its steps begins here, so that its events commit in order. */
export async function lockProtocol(tx: Tx, id: number): Promise<ProtocolRun | undefined> {
  const [row] = await tx<ProtocolRun[]>`
    select ${tx(columns)} from protocol_runs where id = ${id} for no key update`
  return row
}

/** Locks several, in the order of their ids. */
export async function lockProtocols(tx: Tx, ids: readonly number[]): Promise<ProtocolRun[]> {
  if (ids.length === 0) return []
  return tx<ProtocolRun[]>`
    select ${tx(columns)} from protocol_runs where id = any(${ids as number[]}) order by id
    for no key update`
}

export async function protocolOfSprint(db: Db, sprintId: number): Promise<ProtocolRun | undefined> {
  const [row] = await db<ProtocolRun[]>`
    select ${db(columns)} from protocol_runs where linked_sprint_id = ${sprintId}`
  return row
}

export async function newestProtocolOfJob(db: Db, jobId: string): Promise<ProtocolRun | undefined> {
  const [row] = await db<ProtocolRun[]>`
    select ${db(columns)} from protocol_runs where flow_job_id = ${jobId}
    order by id desc limit 1`
  return row
}

export async function listProtocols(
  db: Db,
  filter: Page & { project_id?: number | undefined; status?: string | undefined },
) {
  const rows = await db<ProtocolRun[]>`
    select ${db(columns)} from protocol_runs
    where id > ${after(filter)}
      ${filter.project_id ? db`and project_id = ${filter.project_id}` : db``}
      ${filter.status ? db`and status = ${filter.status}` : db``}
    order by id limit ${filter.limit + 1}`
  return pageOf(rows, filter, (row) => row.id)
}

export async function updateProtocol(
  tx: Tx,
  id: number,
  changes: Partial<ProtocolRun>,
): Promise<ProtocolRun> {
  const [row] = await tx<ProtocolRun[]>`
    update protocol_runs set ${rowFor(tx, changes)}, updated_at = now()
    where id = ${id} returning ${tx(columns)}`
  return row as ProtocolRun
}

/** Runs that a job is said to be executing, the ones not looked at for longest first. */
export async function executedRuns(db: Db, limit: number): Promise<ProtocolRun[]> {
  return db<ProtocolRun[]>`
    select ${db(columns)} from protocol_runs where execution = 'running'
    order by updated_at limit ${limit}`
}

/** Planning runs that a job is said to work on, those that have not moved for longest first. */
export async function plannedRuns(db: Db, limit: number): Promise<ProtocolRun[]> {
  return db<ProtocolRun[]>`
    select ${db(columns)} from protocol_runs
    where kind = 'planning' and status = 'running' and flow_job_id is not null
    order by updated_at limit ${limit}`
}

/** A new status; the run has started when it first runs, and finished when it ends. */
export async function setProtocolStatus(
  tx: Tx,
  id: number,
  status: ProtocolRun['status'],
): Promise<ProtocolRun> {
  const ended = ['completed', 'failed', 'cancelled'].includes(status)
  const [row] = await tx<ProtocolRun[]>`
    update protocol_runs set status = ${status}, updated_at = now(),
      started_at = ${status === 'running' ? tx`coalesce(started_at, now())` : tx`started_at`},
      finished_at = ${ended ? tx`coalesce(finished_at, greatest(now(), started_at))` : null}
    where id = ${id} returning ${tx(columns)}`
  return row as ProtocolRun
}
