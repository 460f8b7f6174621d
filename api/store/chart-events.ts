import type { ChartEvent } from '../core/metrics/chart-event.ts'
import type { Standing } from '../core/metrics/cumulative-flow.ts'
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

const milliseconds = (db: Db) => db`(extract(epoch from emitted_at) * 1000)::bigint`

/** Cards of a project as they stood before a moment: open ones one by one, others as a number. */
export async function cardsOfProjectAt(
  db: Db,
  projectId: number,
  moment: string,
): Promise<Standing[]> {
  return db<Standing[]>`
    select board_status, task_id, started_at, count(*) from (
      select distinct on (entity_id) board_status,
        case when board_status not in ('done', 'archived') then entity_id end as task_id,
        case when board_status not in ('done', 'archived') then started_at end as started_at
      from chart_events
      where project_id = ${projectId} and type in ('task.created', 'task.status_changed')
        and emitted_at < ${moment}
      order by entity_id, id desc
    ) cards
    group by board_status, task_id, started_at`
}
