import type { StoredEvent } from '../core/entities/event.ts'
import type { EventNames } from '../core/webhooks/slack.ts'
import type { Db } from './database.ts'

/** What the things an event is about are called now. */
export async function namesOf(db: Db, event: StoredEvent): Promise<EventNames> {
  const taskId = event.entity_type === 'task' ? event.entity_id : null
  const [row] = await db<EventNames[]>`
    select (select name from projects where id = ${event.project_id}::bigint) as project,
      (select code || ' ' || name from sprints where id = ${event.sprint_id}::bigint) as sprint,
      (select protocol_name from protocol_runs
        where id = ${event.protocol_run_id}::bigint) as protocol_run,
      (select code || ' ' || title from tasks where id = ${taskId}::bigint) as task`
  return row ?? { project: null, sprint: null, protocol_run: null, task: null }
}
