import { expect, test } from 'vitest'
import { connect } from '../../../api/store/database.ts'
import { readEvents } from '../../../api/store/events.ts'
import { testDatabase } from '../../support/database.ts'

const { url, sql } = await testDatabase()

test('reads all events, those of one filter, and those of any of several', async () => {
  await sql`
    insert into events (type, entity_type, entity_id, sprint_id, correlation_id, actor, payload)
    select 'task.deleted', 'task', n, n % 3, 'c', 'a', '{}' from generate_series(1, 6) n`
  const db = connect(url)
  const read = async (...filters: Parameters<typeof readEvents>[1]) =>
    (await readEvents(db, filters, { limit: 100 })).map((event) => event.entity_id)
  expect(await read({})).toEqual([1, 2, 3, 4, 5, 6])
  expect(await read({ sprint_id: undefined })).toEqual([1, 2, 3, 4, 5, 6])
  expect(await read({ sprint_id: 1 })).toEqual([1, 4])
  expect(await read({ sprint_id: 1 }, { sprint_id: 2 })).toEqual([1, 2, 4, 5])
  expect(await read({ sprint_id: 1, entity_id: 2 })).toEqual([])
  expect(await read()).toEqual([])
  await db.end()
})
