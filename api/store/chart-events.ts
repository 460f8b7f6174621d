import type { ChartEvent } from '../core/metrics/chart-event.ts'
import type { CardMoves } from '../core/metrics/cumulative-flow.ts'
import type { Db } from './database.ts'

/**
 * Every chart reads history here and nowhere else, from the relation `chart_events`: the event
 * types of core/metrics/chart-event.ts (`chartEventTypes`), with id, type, entity_id, project_id,
 * sprint_id, emitted_at and, out of the payload, from_status, board_status, skipped, story_points,
 * started_at, completed_at, end_date. Whoever moves events elsewhere keeps these columns
 * of these types, and adds them to that relation under their old ids.
 */
const columns = [
  'type',
  'entity_id',
  'from_status',
  'board_status',
  'skipped',
  'story_points',
  'started_at',
  'completed_at',
  'end_date',
]

/**
 * The events of a sprint, from its first card on. Ids are given out while the rows that an event
 * is about are locked, so their order is the order of the changes whatever the clock did.
 */
export async function chartEventsOfSprint(db: Db, sprintId: number): Promise<ChartEvent[]> {
  return db<ChartEvent[]>`
    select ${db(columns)}, ${milliseconds(db)} as at from chart_events
    where sprint_id = ${sprintId} order by id`
}

/** By which the cards of a project became done since a moment, or were done no longer. */
export async function finishesOfProject(
  db: Db,
  projectId: number,
  since: string,
): Promise<ChartEvent[]> {
  return db<ChartEvent[]>`
    select ${db(columns)}, ${milliseconds(db)} as at from chart_events
    where ${movesOfCards(db, projectId)} and emitted_at >= ${since}
      and 'done' in (from_status, board_status)
    order by id`
}

/**
 * When a card of a project was moved for the first time. It asks both parts of `chart_events` for
 * their first row, which an index knows; asked as one, Postgres sorts all rows.
 */
export async function firstMoveOfProject(db: Db, projectId: number): Promise<string | undefined> {
  const first = (part: string) => db`
    (select emitted_at from ${db(part)}
     where project_id = ${projectId} and type = 'task.status_changed'
     order by emitted_at limit 1)`
  const [row] = await db<{ first: string | null }[]>`
    select least(${first('live_chart_events')}, ${first('archived_chart_events')}) as first`
  return row?.first ?? undefined
}

/** Cut off, not rounded: as every other moment that leaves the database. */
const milliseconds = (db: Db) => db`floor(extract(epoch from emitted_at) * 1000)::bigint`

const movesOfCards = (db: Db, projectId: number) => db`
  project_id = ${projectId} and type in ('task.created', 'task.status_changed')`

/**
 * All moves of a project's cards, counted per day, where these days begin: a million cards have a
 * few rows per day.
 */
export async function cardMovesOfProject(
  db: Db,
  projectId: number,
  begins: readonly string[],
): Promise<CardMoves[]> {
  return db<CardMoves[]>`
    select width_bucket(emitted_at, ${begins.slice(1)}::timestamptz[]) as day,
      from_status as from, board_status as to, count(*)::integer as cards
    from chart_events where ${movesOfCards(db, projectId)}
    group by 1, 2, 3`
}
