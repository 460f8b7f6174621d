import type { BoardStatus } from '../core/entities/task.ts'
import type { Db } from './database.ts'

/** Whose events are looked at: each is found by an index of its own. */
export type Doer = { session_key: string } | { correlation_id: string }

const doneBy = (db: Db, of: Doer) =>
  'session_key' in of
    ? db`session_key = ${of.session_key}`
    : db`correlation_id = ${of.correlation_id}`

export interface Summary {
  began_at: string | null
  ended_at: string | null
  events: number
  actors: string[] | null
  agents: string[] | null
  tokens: number | null
}

/** What the events of somebody say together; an attempt of a step says its tokens more than once. */
export async function summaryOf(db: Db, of: Doer): Promise<Summary | undefined> {
  const [row] = await db<Summary[]>`
    with told as materialized (
      select emitted_at, actor, agent, entity_id, payload -> 'attempt' as attempt,
        case when type like 'step.%' and jsonb_typeof(payload -> 'tokens') = 'number'
          then (payload ->> 'tokens')::bigint end as tokens
      from events where ${doneBy(db, of)}
    )
    select min(emitted_at) as began_at, max(emitted_at) as ended_at, count(*) as events,
      array_agg(distinct actor) as actors,
      array_agg(distinct agent) filter (where agent is not null) as agents,
      (select sum(most)::bigint from (
        select max(tokens) as most from told where tokens is not null
        group by entity_id, attempt) attempts) as tokens
    from told`
  return row
}

export async function typesOf(db: Db, of: Doer): Promise<{ type: string; count: number }[]> {
  return db<{ type: string; count: number }[]>`
    select type, count(*) as count from events where ${doneBy(db, of)}
    group by type order by count desc, type`
}

interface TouchedTask {
  touched: number
  task_id: number
  code: string
  title: string
  board_status: BoardStatus
  events: number
  moves: { at: string; from: BoardStatus; to: BoardStatus; reason: string | null }[]
  notes: { at: string; note: string }[]
}

/** The tasks somebody touched last, with how they moved them and what they said of them. */
export async function tasksTouched(db: Db, of: Doer, limit: number): Promise<TouchedTask[]> {
  return db<TouchedTask[]>`
    with touched as (
      select entity_id as task_id, count(*) as events, max(id) as last, count(*) over () as touched
      from events where ${doneBy(db, of)} and entity_type = 'task'
      group by entity_id order by last desc limit ${limit}
    ), said as (
      select entity_id, type, emitted_at, payload, id,
        row_number() over (partition by entity_id, type order by id desc) as nth
      from events
      where ${doneBy(db, of)} and entity_type = 'task'
        and type in ('task.status_changed', 'task.noted')
        and entity_id in (select task_id from touched)
    )
    select touched.touched, t.id as task_id, t.code, t.title, t.board_status, touched.events,
      (select coalesce(jsonb_agg(jsonb_build_object('at', to_json(s.emitted_at),
          'from', s.payload -> 'from', 'to', s.payload -> 'to', 'reason', s.payload -> 'reason')
          order by s.id), '[]')
        from said s where s.entity_id = t.id and s.type = 'task.status_changed' and s.nth <= 20
      ) as moves,
      (select coalesce(jsonb_agg(jsonb_build_object('at', to_json(s.emitted_at),
          'note', s.payload -> 'note') order by s.id), '[]')
        from said s where s.entity_id = t.id and s.type = 'task.noted' and s.nth <= 20
      ) as notes
    from touched join tasks t on t.id = touched.task_id
    order by touched.last desc`
}
