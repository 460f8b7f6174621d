import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { keepHouse } from '../../../api/handlers/housekeeping.ts'
import type { Runtime } from '../../../api/services/runtime.ts'
import { connect } from '../../../api/store/database.ts'
import { testDatabase } from '../../support/database.ts'

const { url, sql } = await testDatabase()
const runtime: Runtime = {
  db: connect(url),
  log: pino({ level: 'silent' }),
  flows: { start: async () => {}, find: async () => undefined, cancel: async () => {} },
  sprintIntegration: false,
}
afterAll(() => runtime.db.end())

const ago = (interval: string) => sql`now() - ${interval}::interval`
const left = async (table: string, column: string) =>
  (await sql`select ${sql(column)} as it from ${sql(table)} order by 1`).map((row) => row.it)

test('what nobody will ask for again goes, and what somebody may stays', async () => {
  for (const [key, age] of [
    ['young', '47 hours'],
    ['old', '49 hours'],
  ] as const) {
    await sql`
      insert into idempotency_keys (actor, key, command, request_hash, response, changed, created_at)
      values ('a', ${key}, 'task.create', '', '{}', true, ${ago(age)})`
  }
  await sql`
    insert into login_codes (code_hash, expires_at)
    values ('\\x01', ${ago('1 second')}), ('\\x02', ${ago('-1 hour')})`
  for (const [n, name, expired] of [
    [1, 'console', '2 days'],
    [2, 'console', '-1 day'],
    [3, 'somebody', '200 days'],
  ] as const) {
    await sql`
      insert into api_tokens (name, role, secret_hash, expires_at)
      values (${name}, 'admin', ${Buffer.from([n])}, ${ago(expired)})`
  }
  await sql`
    insert into webhook_deliveries (source, delivery_id, body_sha256, received_at)
    values ('github', 'old', '\\x01', ${ago('91 days')}), ('github', 'young', '\\x01', ${ago('89 days')})`
  await sql`
    insert into alerts (rule, subject, raised_at, cleared_at)
    values ('slow_request', 'old', ${ago('91 days')}, null),
      ('slow_request', 'over lately', ${ago('91 days')}, now())`

  await keepHouse(runtime)

  expect(await left('idempotency_keys', 'key')).toEqual(['young'])
  expect(await left('login_codes', 'code_hash')).toEqual([Buffer.from([2])])
  expect(await left('api_tokens', 'secret_hash')).toEqual([Buffer.from([2]), Buffer.from([3])])
  expect(await left('webhook_deliveries', 'delivery_id')).toEqual(['young'])
  expect(await left('alerts', 'subject')).toEqual(['over lately'])
})

test('one process sweeps at a time', async () => {
  await sql`insert into login_codes (code_hash, expires_at) values ('\\x09', ${ago('1 hour')})`
  const codes = () => left('login_codes', 'code_hash')
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended('devgodzilla housekeeping', 0))`
    await keepHouse(runtime)
    expect(await codes()).toHaveLength(2)
  })
  await keepHouse(runtime)
  expect(await codes()).toHaveLength(1)
})
