import type { StoredEvent } from '../core/entities/event.ts'
import type { EventNames } from '../core/events/sentence.ts'
import type { Db } from './database.ts'

type Addressed = Pick<
  StoredEvent,
  'entity_type' | 'entity_id' | 'project_id' | 'sprint_id' | 'protocol_run_id'
>

/** What the things these events are about are called now, in the order given. */
export async function namesOfAll(db: Db, events: readonly Addressed[]): Promise<EventNames[]> {
  if (events.length === 0) return []
  const ids = events.map((event) => ({
    project: event.project_id,
    sprint: event.sprint_id,
    run: event.protocol_run_id,
    task: event.entity_type === 'task' ? event.entity_id : null,
  }))
  return db<EventNames[]>`
    select p.name as project, s.code || ' ' || s.name as sprint, r.protocol_name as protocol_run,
      t.code || ' ' || t.title as task
    from unnest(${ids.map((it) => it.project)}::bigint[], ${ids.map((it) => it.sprint)}::bigint[],
      ${ids.map((it) => it.run)}::bigint[], ${ids.map((it) => it.task)}::bigint[])
      with ordinality as told(project_id, sprint_id, run_id, task_id, place)
    left join projects p on p.id = told.project_id
    left join sprints s on s.id = told.sprint_id
    left join protocol_runs r on r.id = told.run_id
    left join tasks t on t.id = told.task_id
    order by place`
}

/** What the things an event is about are called now. */
export async function namesOf(db: Db, event: Addressed): Promise<EventNames> {
  const [names] = await namesOfAll(db, [event])
  return names ?? { project: null, sprint: null, protocol_run: null, task: null }
}
