import type { BoardStatus } from '../core/entities/task.ts'
import type { ChartEvent } from '../core/metrics/chart-event.ts'
import type { TasksPerStatus } from '../core/metrics/cumulative-flow.ts'
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

/** What happened to the cards of a project since a moment. */
export async function cardEventsOfProject(
  db: Db,
  projectId: number,
  since: string,
): Promise<ChartEvent[]> {
  return db<ChartEvent[]>`
    select ${db(columns)}, ${milliseconds(db)} as at from chart_events
    where ${cardsSince(db, projectId, since)} order by id`
}

/** Of these, the ones by which a card became done, or was done no longer. */
export async function finishesOfProject(
  db: Db,
  projectId: number,
  since: string,
): Promise<ChartEvent[]> {
  return db<ChartEvent[]>`
    select ${db(columns)}, ${milliseconds(db)} as at from chart_events
    where ${cardsSince(db, projectId, since)} and 'done' in (from_status, board_status)
    order by id`
}

const cardsSince = (db: Db, projectId: number, since: string) => db`
  project_id = ${projectId} and type in ('task.created', 'task.status_changed')
    and emitted_at >= ${since}`

/** When a card of a project was moved for the first time. */
export async function firstMoveOfProject(db: Db, projectId: number): Promise<string | undefined> {
  const [row] = await db<{ emitted_at: string }[]>`
    select emitted_at from chart_events
    where project_id = ${projectId} and type = 'task.status_changed'
    order by emitted_at limit 1`
  return row?.emitted_at
}

/** Cut off, not rounded: as every other moment that leaves the database. */
const milliseconds = (db: Db) => db`floor(extract(epoch from emitted_at) * 1000)::bigint`

/** How many cards of a project stood in each status before a moment: all moves, added up. */
export async function cardsOfProjectAt(
  db: Db,
  projectId: number,
  moment: string,
): Promise<Partial<TasksPerStatus>> {
  const rows = await db<{ status: BoardStatus; cards: number }[]>`
    select status, sum(change)::bigint as cards
    from chart_events, lateral (values (board_status, 1), (from_status, -1)) m(status, change)
    where project_id = ${projectId} and type in ('task.created', 'task.status_changed')
      and emitted_at < ${moment} and status is not null
    group by status`
  return Object.fromEntries(rows.map(({ status, cards }) => [status, cards]))
}
