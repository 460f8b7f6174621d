import { newPlace, type Place } from './place.ts'
import type { World } from './world.ts'

/** What a card goes through; each is an event, the estimate apart. */
const life = [
  'todo',
  'in_progress',
  'review',
  'in_progress',
  'estimated',
  'testing',
  'blocked',
  'in_progress',
  'review',
  'done',
] as const
export const eventsPerTask = life.length

/**
 * An active sprint whose tasks were finished one after the other over its days, up to now, with
 * the ten events of each, and besides as many tasks that are not finished.
 */
export async function aSprintOfThePast(
  { sql }: World,
  { days, tasks, unfinished }: { days: number; tasks: number; unfinished: number },
): Promise<Place> {
  const place = await newPlace(sql)
  const { projectId, sprintId } = place
  await sql.begin(async (tx) => {
    // Past foreign keys and triggers: these rows are right by construction.
    await tx`set local session_replication_role = replica`
    const began = tx`now() - make_interval(days => ${days}) as began`
    await tx`
      update sprints set status = 'active', started_at = p.began, end_date = now()
      from (select ${began}) p where id = ${sprintId}`
    await tx`
      with made as (
        insert into tasks (project_id, sprint_id, code, title, board_status, story_points)
        select ${projectId}, ${sprintId}, ${`BENCH-${sprintId}-`} || n, 'Write part ' || n,
          case when n <= ${tasks} then 'done' else 'todo' end, n % 8
        from generate_series(1, ${tasks + unfinished}) n
        returning id, code, title, board_status, story_points
      ), finished as (
        select *, row_number() over (order by id) as n from made where board_status = 'done'
      ), told as (
        select f.*, k, ${life as unknown as string[]}::text[] as life,
          -- A card takes a hundredth of the sprint; the last is done now.
          p.began + (now() - p.began) * (f.n::float8 / ${tasks} * 0.99 + k / 1000.0) as at
        from finished f, generate_series(1, ${eventsPerTask}) k, (select ${began}) p
      ), events_of_tasks as (
        select at, id as entity_id, 'task' as entity_type,
          case when k = 1 then 'task.created' when life[k] = 'estimated' then 'task.estimated'
            else 'task.status_changed' end as type,
          case
            when k = 1 then jsonb_build_object('code', code, 'title', title,
              'board_status', 'todo', 'source', 'hand')
            when life[k] = 'estimated' then jsonb_build_object('from', 1, 'to', story_points)
            else jsonb_build_object('from', case when life[k - 1] = 'estimated' then life[k - 2]
                else life[k - 1] end, 'to', life[k], 'reason', null, 'source', 'hand') end
          || case when life[k] = 'estimated' then '{}' else jsonb_build_object(
              'story_points', story_points, 'skipped', false,
              'started_at', case when k > 1 then to_jsonb(at) end,
              'completed_at', case when life[k] = 'done' then to_jsonb(at) end) end as payload
        from told
      ), events_of_sprint as (
        select p.began as at, ${sprintId}::bigint as entity_id, 'sprint' as entity_type,
          'sprint.started' as type, jsonb_build_object('committed_points', 0, 'committed_tasks',
            '[]'::jsonb, 'started_at', p.began, 'end_date', now()) as payload
        from (select ${began}) p
      )
      insert into events (emitted_at, entity_id, entity_type, type, payload, project_id,
        sprint_id, correlation_id, actor)
      select *, ${projectId}, ${sprintId}, 'bench', 'bench'
      from (table events_of_sprint union all
            select at, entity_id, entity_type, type, payload from events_of_tasks) e
      order by at`
  })
  await sql`vacuum (analyze) events, tasks`
  return place
}
