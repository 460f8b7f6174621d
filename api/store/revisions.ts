import { type RevisedEntity, Revision } from '../core/entities/revision.ts'
import { columnsOf, type Db, type Tx } from './database.ts'
import type { Origin } from './events.ts'
import { after, type Page, pageOf } from './page.ts'

/**
 * Says on whose account this transaction changes sprints and tasks, until it says otherwise: the
 * triggers of migration 0022 write it into the revisions. `correlations` names the chain of causes
 * for tasks that have another one.
 */
export async function tellOrigin(
  tx: Tx,
  { actor, correlationId, sessionKey, agent }: Origin,
  correlations: Readonly<Record<number, string>> = {},
): Promise<void> {
  const text = originText({ actor, correlationId, sessionKey, agent }, correlations)
  await tx`select set_config('devgodzilla.origin', ${text}, true)`
}

/** An origin as the triggers read it. */
export const originText = (
  { actor, correlationId, sessionKey, agent }: Omit<Origin, 'causationId'>,
  correlations: Readonly<Record<number, string>> = {},
): string =>
  JSON.stringify({
    actor,
    correlation_id: correlationId,
    session_key: sessionKey,
    agent,
    correlations,
  })

/** Writes the revisions of what this transaction has changed until now, before it commits. */
export async function writeRevisionsNow(tx: Tx): Promise<void> {
  await tx`set constraints revisions_are_written immediate`
}

interface Of {
  entity_type: RevisedEntity
  entity_id: number
}
const columns = columnsOf(Revision)
const isOf = (db: Db, { entity_type, entity_id }: Of) =>
  db`entity_type = ${entity_type} and entity_id = ${entity_id}`

/** A page of a chain, the newest first, each with the content of the one before. */
export async function historyOf(db: Db, of: Of, page: Page) {
  const rows = await db<(Revision & { before: string | null })[]>`
    select ${db(columns)}, (
      select p.content from revisions p where p.entity_type = r.entity_type
        and p.entity_id = r.entity_id and p.number = r.number - 1) as before
    from revisions r
    where ${isOf(db, of)} ${page.cursor === undefined ? db`` : db`and number < ${after(page)}::bigint`}
    order by number desc limit ${page.limit + 1}`
  return pageOf(rows, page, (row) => row.number)
}

/** The newest revision; undefined where the entity never was. */
export async function newestRevision(db: Db, of: Of): Promise<Revision | undefined> {
  const [row] = await db<Revision[]>`
    select ${db(columns)} from revisions where ${isOf(db, of)} order by number desc limit 1`
  return row
}

/** The revision with this number, or those whose hash begins so; two are enough to know. */
export async function revisionsNamed(db: Db, of: Of, reference: string): Promise<Revision[]> {
  const isNumber = /^\d{1,9}$/.test(reference)
  return db<Revision[]>`
    select ${db(columns)} from revisions where ${isOf(db, of)}
      and ${isNumber ? db`number = ${Number(reference)}` : db`starts_with(hash, ${reference})`}
    order by number limit 2`
}

/** An entity that some work has touched: what it was before that, is now, and who changed it since. */
export interface Touched extends Of {
  project_id: number
  /** Null where that work has made it. */
  before: string | null
  now: string
  later: { number: number; actor: string; correlation_id: string | null } | null
}

/** What a correlation id has touched, in the order of the ids. */
export async function touchedBy(db: Db, correlationId: string): Promise<Touched[]> {
  return db<Touched[]>`
    with touched as (
      select entity_type, entity_id, min(number) as first from revisions
      where correlation_id = ${correlationId} group by entity_type, entity_id
    )
    select t.entity_type, t.entity_id, head.project_id,
      (select content from revisions b where b.entity_type = t.entity_type
        and b.entity_id = t.entity_id and b.number = t.first - 1) as before,
      head.content as now, later.it as later
    from touched t
    cross join lateral (
      select r.project_id, r.content from revisions r
      where r.entity_type = t.entity_type and r.entity_id = t.entity_id
      order by r.number desc limit 1) head
    left join lateral (
      select jsonb_build_object('number', r.number, 'actor', r.actor,
        'correlation_id', r.correlation_id) as it
      from revisions r
      where r.entity_type = t.entity_type and r.entity_id = t.entity_id and r.number > t.first
        and r.correlation_id is distinct from ${correlationId}
      order by r.number desc limit 1) later on true
    order by t.entity_type, t.entity_id`
}

/** The revisions of a session, each with the content of the one before, in order. */
export async function revisionsOfSession(db: Db, sessionKey: string) {
  return db<(Of & { project_id: number; content: string; before: string | null })[]>`
    select r.entity_type, r.entity_id, r.project_id, r.content, p.content as before
    from revisions r left join revisions p on p.entity_type = r.entity_type
      and p.entity_id = r.entity_id and p.number = r.number - 1
    where r.session_key = ${sessionKey} order by r.id`
}

/** What these entities are now, as the next revision of each would say; the newest says it, too. */
export async function contentsNow(
  db: Db,
  type: RevisedEntity,
  ids: readonly number[],
): Promise<Map<number, string>> {
  const rows = await db<{ id: number; content: string }[]>`
    select id, content from ${db(`${type}_contents`)} where id = any(${ids as number[]})`
  return new Map(rows.map(({ id, content }) => [id, content]))
}

/** The revisions that follow this one (all, without it), chain by chain, each in order. */
export async function revisionsAfter(
  db: Db,
  last: Pick<Revision, 'entity_type' | 'entity_id' | 'number'> | undefined,
  limit: number,
): Promise<Revision[]> {
  return db<Revision[]>`
    select ${db(columns)} from revisions
    ${last ? db`where (entity_type, entity_id, number) > (${last.entity_type}, ${last.entity_id}::bigint, ${last.number}::integer)` : db``}
    order by entity_type, entity_id, number limit ${limit}`
}

/** Sprints and tasks that have no revision at all. */
export async function unrevised(db: Db): Promise<Of[]> {
  return db<Of[]>`
    select 'sprint' as entity_type, id as entity_id from sprints s where not exists (
      select from revisions r where r.entity_type = 'sprint' and r.entity_id = s.id)
    union all
    select 'task', id from tasks t where not exists (
      select from revisions r where r.entity_type = 'task' and r.entity_id = t.id)
    order by entity_type, entity_id`
}
