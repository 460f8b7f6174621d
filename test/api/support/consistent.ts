import { expect } from 'vitest'
import { catalogue, type EventType } from '../../../api/core/events/catalogue.ts'
import type { TestDatabase } from '../../support/database.ts'

/** Asked of the database after every scenario: nothing unlinked, no orphan, no untold shape. */
export async function expectConsistent({ sql }: TestDatabase): Promise<void> {
  const unlinked = await sql`
    select s.id, s.step_name from step_runs s join protocol_runs r on r.id = s.protocol_run_id
    where r.linked_sprint_id is not null and s.deleted_at is null and s.linked_task_id is null`
  expect(unlinked).toEqual([])
  const orphans = await sql`
    select id from tasks where num_nonnulls(sprint_id, protocol_run_id, spec_id) = 0
      and board_status not in ('backlog', 'archived')`
  expect(orphans).toEqual([])
  const apart = await sql`
    select t.id from tasks t full join step_runs s on s.linked_task_id = t.id
    where (t.step_run_id is not null or s.linked_task_id is not null)
      and t.step_run_id is distinct from s.id`
  expect(apart).toEqual([])
  const duplicates = await sql`
    select step_run_id from tasks where step_run_id is not null
    group by 1 having count(*) > 1`
  expect(duplicates).toEqual([])
  const events = await sql`select id, type, payload from events order by id`
  for (const { id, type, payload } of events) {
    const schema = catalogue[type as EventType]
    expect(schema, `event ${id} has the unknown type ${type}`).toBeDefined()
    const parsed = schema.safeParse(payload)
    expect(parsed.error, `event ${id} ${type}: ${JSON.stringify(payload)}`).toBeUndefined()
  }
}
