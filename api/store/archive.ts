import type { ArchivedMonth } from '../core/entities/archive.ts'
import { rememberedTypes } from '../core/events/remembered.ts'
import type { Database, Db, Tx } from './database.ts'
import type { Cursor } from './events.ts'
import { type Page, type PageOf, pageOf } from './page.ts'

/**
 * Runs `work` while no other process archives; undefined where one does. The lock is a
 * connection's, so it ends with its process.
 */
export async function aloneAtArchive<T>(
  db: Database,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const connection = await db.reserve()
  try {
    const key = connection`hashtextextended('devgodzilla archive', 0)`
    const [lock] = await connection<
      { taken: boolean }[]
    >`select pg_try_advisory_lock(${key}) as taken`
    if (!lock?.taken) return undefined
    try {
      return await work()
    } finally {
      await connection`select pg_advisory_unlock(${key})`
    }
  } finally {
    connection.release()
  }
}

export interface OldMonth {
  month: string
  events: number
  /** Its events that handlers have still to work on, or gave up. */
  unsettled: number
  /** Its events that webhooks have still to send, or gave up. */
  unsent: number
  /** Its events beyond the end of the stream: more of the month may come yet. */
  uncertain: number
  archived: boolean
}

/** Months of events before a moment, the oldest first. */
export async function oldMonths(db: Db, before: string): Promise<OldMonth[]> {
  return db<OldMonth[]>`
    with old as (
      select to_char(emitted_at at time zone 'UTC', 'YYYY-MM') as month, count(*) as events,
        count(*) filter (where xid >= (select end_of_events())) as uncertain
      from events where emitted_at < ${before} group by 1
    ), open as (
      select to_char(e.emitted_at at time zone 'UTC', 'YYYY-MM') as month,
        count(*) filter (where kind = 'delivery') as unsettled,
        count(*) filter (where kind = 'message') as unsent
      from (select event_id, 'delivery' as kind from event_deliveries
            union all select event_id, 'message' from webhook_messages where state <> 'sent') o
      join events e on e.id = o.event_id where e.emitted_at < ${before} group by 1
    )
    select month, old.events, old.uncertain, coalesce(unsettled, 0) as unsettled, coalesce(unsent, 0) as unsent,
      a.month is not null as archived
    from old left join open using (month) left join archived_months a using (month) order by month`
}

export interface NewArchive {
  month: string
  since: string
  until: string
  before_xid: string
  first: Cursor
  last: Cursor
  min_id: number
  max_id: number
  file: string
  sha256: string
  bytes: number
  events: number
}

export interface EventLine {
  xid: string
  id: number
  /** The event as one line of JSON. */
  line: string
}

/** The events of a month in stream order, some at a time. */
export const linesOfMonth = (tx: Tx, month: { since: string; until: string; before_xid: string }) =>
  tx<EventLine[]>`
    select xid::text as xid, id, (select row_to_json(whole)::text from (select e.id,
      e.xid || '-' || e.id as cursor, e.type, e.entity_type, e.entity_id, e.project_id, e.sprint_id,
      e.protocol_run_id, e.correlation_id, e.causation_id, e.session_key, e.agent, e.actor,
      e.payload, e.emitted_at) whole) as line
    from events e
    where emitted_at >= ${month.since} and emitted_at < ${month.until}
      and xid < ${month.before_xid}::xid8
    order by e.xid, e.id`.cursor(1000)

export async function insertArchive(tx: Tx, { first, last, ...archive }: NewArchive) {
  await tx`
    insert into archived_months ${tx({
      ...archive,
      first_xid: first.xid,
      first_id: first.id,
      last_xid: last.xid,
      last_id: last.id,
    })}`
}

const columns = (db: Db) => db`
  month, since, until, file, sha256, bytes, events,
  first_xid || '-' || first_id as first_cursor, last_xid || '-' || last_id as last_cursor,
  recorded_at, finished_at`

/** The archive that a process left unfinished, to be gone on with. */
export async function unfinishedArchive(db: Db): Promise<ArchivedMonth | undefined> {
  const [row] = await db<ArchivedMonth[]>`
    select ${columns(db)} from archived_months where finished_at is null order by month limit 1`
  return row
}

/**
 * Takes the next events of a month that lies in a file out of the table, and keeps what charts and
 * rules read of them, in one statement. Answers the id to go on after; null when all are gone.
 */
export async function removeArchived(
  tx: Tx,
  month: string,
  afterId: number,
  limit: number,
): Promise<number | null> {
  const [row] = await tx<{ last: number | null }[]>`
    with moving as materialized (
      select e.id from archived_months m join events e
        on e.id <= m.max_id and e.xid < m.before_xid
          and e.emitted_at >= m.since and e.emitted_at < m.until
      where m.month = ${month} and m.finished_at is null and e.id > ${afterId}
      order by e.id limit ${limit}
    ), charted as (
      insert into archived_chart_events
      select c.* from live_chart_events c where c.id in (select id from moving)
    ), remembered as (
      insert into archived_payloads (entity_type, entity_id, type, xid, event_id, payload)
      select distinct on (entity_type, entity_id, type) entity_type, entity_id, type, xid, id, payload
      from events
      where id in (select id from moving) and type = any(${rememberedTypes as readonly string[] as string[]})
      order by entity_type, entity_id, type, xid desc, id desc
      on conflict (entity_type, entity_id, type) do update
        set xid = excluded.xid, event_id = excluded.event_id, payload = excluded.payload
        where (excluded.xid, excluded.event_id) > (archived_payloads.xid, archived_payloads.event_id)
    ), told as (
      delete from webhook_messages where event_id in (select id from moving) and state = 'sent'
    ), gone as (
      delete from events where id in (select id from moving) returning id
    )
    update archived_months
    set removed = removed + (select count(*) from gone)
    where month = ${month}
    returning (select max(id) from gone) as last`
  return row?.last ?? null
}

/** True where every event that the file holds has left the table. */
export async function finishArchive(tx: Tx, month: string): Promise<boolean> {
  const rows = await tx`
    update archived_months set finished_at = now() where month = ${month} and removed = events
    returning 1`
  return rows.length > 0
}

export async function listArchivedMonths(
  db: Db,
  page: Page,
  after: string,
): Promise<PageOf<ArchivedMonth>> {
  const rows = await db<ArchivedMonth[]>`
    select ${columns(db)} from archived_months where month > ${after}
    order by month limit ${page.limit + 1}`
  return pageOf(rows, page, (row) => row.month)
}

/** Archived months with an event beyond a place in the stream, that its reader does not know of. */
export async function archivedBeyond(db: Db, { xid, id, past }: Cursor): Promise<ArchivedMonth[]> {
  return db<ArchivedMonth[]>`
    select ${columns(db)} from archived_months
    where (last_xid, last_id) > (${xid}::xid8, ${id}::bigint)
      ${past === undefined ? db`` : db`and month > ${past}`}
    order by month`
}

/** Up to when events lie in files; null where none do. */
export async function archivedUntil(db: Db): Promise<string | null> {
  const [row] = await db<{ until: string | null }[]>`
    select max(until) as until from archived_months`
  return row?.until ?? null
}
