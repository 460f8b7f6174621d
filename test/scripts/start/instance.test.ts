import { afterEach, expect, test } from 'vitest'
import { AlreadyRunning, claimInstance, type Instance } from '../../../scripts/start/instance.ts'
import { eventually } from '../../support/api.ts'
import { testDatabase } from '../../support/database.ts'

const { url, sql } = await testDatabase()
const open: Instance[] = []
afterEach(async () => {
  for (const instance of open.splice(0)) await instance.release()
})
const claim = async (scope: string) => {
  const instance = await claimInstance(url, scope, '/data', Number.POSITIVE_INFINITY)
  open.push(instance)
  return instance
}
const holders = () => sql`
  select a.pid, a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
  where l.locktype = 'advisory' and l.granted and a.datname = current_database()`
const cutOff = async (pid: number) => {
  await sql`select pg_terminate_backend(${pid}, 1000)`
}

test('a claim that is lost with its connection is taken again', async () => {
  const instance = await claim('one')
  await instance.announce('http://127.0.0.1:1')
  const [before] = await holders()
  await cutOff(before?.pid)
  const [after] = await eventually(holders, ([row]) => row !== undefined && row.pid !== before?.pid)
  expect(after).toMatchObject({ name: 'devgodzilla at http://127.0.0.1:1' })
  await expect(claim('one')).rejects.toThrow(AlreadyRunning)
})

test('where somebody else has it meanwhile, it is lost', async () => {
  const instance = await claim('two')
  const other = await sql.reserve()
  // It waits in the queue for the lock, and has it the moment that it is free.
  const taken = other`select pg_advisory_lock(hashtextextended('devgodzilla two', 0))`.execute()
  await eventually(
    () => sql`select 1 from pg_locks where locktype = 'advisory' and not granted`,
    (rows) => rows.length > 0,
  )
  const [holder] = await holders()
  await cutOff(holder?.pid)
  await taken
  expect(await instance.lost).toBe('taken')
  await other`select pg_advisory_unlock_all()`
  other.release()
})
