import { StoredEvent } from '../core/entities/event.ts'
import { invalid } from '../core/errors.ts'
import type { NewEvent } from '../core/events/catalogue.ts'
import type { EventFilter } from '../core/events/filter.ts'
import { levelOf } from '../core/events/levels.ts'
import type { RememberedType } from '../core/events/remembered.ts'
import { deliveriesOf, type HandlerName } from '../core/events/subscriptions.ts'
import { columnsOf, type Db, type Tx } from './database.ts'

/** On whose account a change is made, and by what it was caused. */
export interface Origin {
  actor: string
  correlationId: string
  causationId: number | null
  agent: string | null
  sessionKey: string | null
  unheardBy?: HandlerName
}

/**
 * Writes events and the work they mean for handlers, in the transaction of the change they tell
 * of. Every change of the system goes through here.
 */
export async function record(tx: Tx, origin: Origin, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ quiet = false, cause, ...event }) => ({
    ...event,
    quiet,
    correlation_id: cause?.correlation_id ?? origin.correlationId,
    causation_id: cause?.id ?? origin.causationId,
    deliveries: quiet
      ? []
      : deliveriesOf({
          type: event.type,
          projectId: event.project_id,
          sprintId: event.sprint_id ?? null,
          protocolRunId: event.protocol_run_id ?? null,
          specPath: event.type === 'webhook.received' ? event.payload.spec_path : null,
        }).filter(({ handler }) => handler !== origin.unheardBy),
  }))
  await tx`
    with input as materialized (
      select nextval('events_id_seq') as id, e.*
      from jsonb_to_recordset(${tx.json(rows)}) as e(
        type text, entity_type text, entity_id bigint, project_id bigint, sprint_id bigint,
        protocol_run_id bigint, correlation_id text, causation_id bigint, payload jsonb,
        quiet boolean, deliveries jsonb)
    ), stored as (
      insert into events (id, type, entity_type, entity_id, project_id, sprint_id,
        protocol_run_id, correlation_id, causation_id, session_key, agent, actor, payload)
      overriding system value
      select id, type, entity_type, entity_id, project_id, sprint_id, protocol_run_id,
        correlation_id, causation_id, ${origin.sessionKey}::text, ${origin.agent}::text,
        ${origin.actor}, payload
      from input
    ), messages as (
      insert into webhook_messages (subscription_id, event_id)
      select s.id, input.id
      from input join webhook_subscriptions s
        on s.project_id is null or s.project_id = input.project_id
      where s.active
        and s.event_types && array['*', input.type, split_part(input.type, '.', 1) || '.*']
        -- A channel that people read is told of a batch once.
        and not (input.quiet and s.format = 'slack')
      order by input.id
      -- One that is being deleted is waited for, and then not written to.
      for key share of s
    )
    insert into event_deliveries (event_id, handler, order_key)
    select input.id, d.handler, d.queue
    from input, jsonb_to_recordset(input.deliveries) as d(handler text, queue text)
    -- Most projects keep no files beside the database: their changes wake nobody for that, but for
    -- documents that were pushed.
    where d.handler <> 'changes_to_files' or input.type = 'webhook.files_pushed' or exists (
      select from projects p
      where p.id = input.project_id and p.settings->>'delegation' in ('read_only', 'two_way'))`
}

/** A place in the stream: everything up to and including it has been seen. */
export interface Cursor {
  xid: string
  id: number
  /** The reader knows that events of the months up to this one are archived, and goes on without. */
  past?: string | undefined
}

export function parseCursor(text: string): Cursor {
  const match = /^(\d{1,19})-(\d{1,16})(?:~(\d{4}-\d{2}))?$/.exec(text)
  if (!match?.[1] || !match[2]) {
    throw invalid('cursor', 'cursor', 'pass the cursor of an event or a page, unchanged')
  }
  return { xid: match[1], id: Number(match[2]), past: match[3] }
}

export const cursorText = ({ xid, id, past }: Cursor) => `${xid}-${id}${past ? `~${past}` : ''}`

const columns = columnsOf(StoredEvent, ['cursor', 'level'])

export interface Reading {
  /** Begins beyond this place, in the direction that is read; without it at the very beginning. */
  from?: Cursor | undefined
  order?: 'asc' | 'desc' | undefined
  since?: string | undefined
  until?: string | undefined
  limit: number
}

/** What must hold of an event. It begins with a constant: the driver takes an empty list for a parameter. */
export const matching = (db: Db, filter: EventFilter) => [
  db`true`,
  ...Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) =>
      Array.isArray(value)
        ? db`and ${db(column)} = any(${value as string[]})`
        : db`and ${db(column)} = ${value as string | number}`,
    ),
]

/**
 * Events that match one of the filters, in stream order or against it; an empty filter matches
 * all. Only those below the oldest transaction that may still record some are read, so that one
 * which commits late can never be skipped. Not for a transaction with a snapshot of its own.
 */
export async function readEvents(
  db: Db,
  filters: readonly EventFilter[],
  { from, order = 'asc', since, until, limit }: Reading,
): Promise<StoredEvent[]> {
  const anyOf = [db`false`, ...filters.map((filter) => db`or (${matching(db, filter)})`)]
  const place = from && db`(${from.xid}::xid8, ${from.id}::bigint)`
  const newestFirst = order === 'desc'
  // Asked before: what ended until then is seen by the statement that reads, and by no earlier one.
  const end = await endOfEvents(db)
  const rows = await db<Omit<StoredEvent, 'level'>[]>`
    select ${db(columns)}, xid || '-' || id as cursor from events
    where xid < ${end}::xid8
      ${place ? (newestFirst ? db`and (xid, id) < ${place}` : db`and (xid, id) > ${place}`) : db``}
      ${since === undefined ? db`` : db`and emitted_at >= ${since}`}
      ${until === undefined ? db`` : db`and emitted_at < ${until}`}
      and (${anyOf})
    ${newestFirst ? db`order by xid desc, id desc` : db`order by xid, id`} limit ${limit}`
  return rows.map(leveled)
}

export async function readEventsById(db: Db, ids: readonly number[]): Promise<StoredEvent[]> {
  const rows = await db<Omit<StoredEvent, 'level'>[]>`
    select ${db(columns)}, xid || '-' || id as cursor from events where id = any(${ids as number[]})`
  return rows.map(leveled)
}

/** What is derived rather than stored. */
const leveled = (row: Omit<StoredEvent, 'level'>): StoredEvent => ({
  ...row,
  level: levelOf(row.type),
})

/** The end of the stream now: nothing committed before this call lies after it. */
export async function endOfStream(db: Db): Promise<Cursor> {
  return { xid: String(BigInt(await endOfEvents(db)) - 1n), id: Number.MAX_SAFE_INTEGER }
}

/** The first transaction id of which more may come; migration 0016 says why. */
export async function endOfEvents(db: Db): Promise<string> {
  const [row] = await db<{ xid: string }[]>`select end_of_events()::text as xid`
  return row?.xid ?? '0'
}

/** The payload of the newest event of a type about an entity, be it archived. */
export async function latestPayload(
  db: Db,
  entityType: string,
  entityId: number,
  type: RememberedType,
): Promise<unknown> {
  const [row] = await db<{ payload: unknown }[]>`
    select payload from (
      (select xid, id, payload from events
       where entity_type = ${entityType} and entity_id = ${entityId} and type = ${type}
       order by xid desc, id desc limit 1)
      union all
      select xid, event_id, payload from archived_payloads
      where entity_type = ${entityType} and entity_id = ${entityId} and type = ${type}
    ) told
    order by xid desc, id desc limit 1`
  return row?.payload
}

export interface EventOrigin {
  id: number
  correlation_id: string
  emitted_at: string
}

export async function findOrigin(db: Db, id: number): Promise<EventOrigin | undefined> {
  const [row] = await db<EventOrigin[]>`
    select id, correlation_id, emitted_at from events where id = ${id}`
  return row
}

/** The event of a hook that told which job it has started. */
export async function findOriginByJob(db: Db, jobId: string): Promise<EventOrigin | undefined> {
  const [row] = await db<EventOrigin[]>`
    select id, correlation_id, emitted_at from events
    where type in ('webhook.received', 'protocol.execution_started')
      and payload ->> 'job_id' = ${jobId}
    order by id limit 1`
  return row
}
