import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { eventually } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { senderTo } from './support/sender.ts'
import { fakeWindmill } from './support/windmill.ts'

const windmill = await fakeWindmill()
const api = await checkedApi({ windmillUrl: windmill.url, sprintIntegration: true })
const { sql } = api.database
const { ours } = senderTo(api)
const project = await api.project({ settings: { auto_create_sprint: false } })

const notify = (body: object, id?: string) =>
  ours('/webhooks/windmill', body, id === undefined ? {} : { id })

/** A protocol run that is carried out by a job. */
async function runWithJob() {
  const run = await api.run(project.id, [{ step_name: 'a' }])
  const job_id = randomUUID()
  await api.patch(`/protocols/${run.id}`, { flow_job_id: job_id })
  return { run, job_id }
}
const endsOf = async (run: { id: number }) =>
  (await api.get(`/events?type=protocol.flow_ended&protocol_run_id=${run.id}`)).body.items
const completed = (success: boolean) => ({
  type: 'CompletedJob',
  script_path: 'f/team/execute',
  success,
})

test('the end of a job is noted on its protocol run as Windmill tells it, not as the notice does', async () => {
  const { run, job_id } = await runWithJob()
  windmill.jobs.set(job_id, completed(false))
  expect((await notify({ job_id, path: 'f/other', success: true })).status).toBe(202)
  await api.settled()
  const ends = await endsOf(run)
  expect(ends).toMatchObject([{ payload: { job_id, path: 'f/team/execute', success: false } }])
})

test('told twice, by two notices or one of them again, it is noted once', async () => {
  const { run, job_id } = await runWithJob()
  windmill.jobs.set(job_id, completed(true))
  const first = await notify({ job_id: job_id.toUpperCase() }, 'msg_end')
  expect(await notify({ job_id: job_id.toUpperCase() }, 'msg_end')).toEqual({
    ...first,
    status: 200,
  })
  expect((await notify({ job_id })).status).toBe(202)
  await api.settled()
  expect(await endsOf(run)).toHaveLength(1)
})

test.each([
  ['a job that still runs', { type: 'QueuedJob', script_path: 'f/x' }, /not ended/],
  ['a job that Windmill does not know', undefined, /knows no job/],
])('%s is asked for again later, and nothing is noted', async (_what, job, why) => {
  const { run, job_id } = await runWithJob()
  if (job) windmill.jobs.set(job_id, job)
  await notify({ job_id })
  const [row] = await eventually(
    () => sql`select * from event_deliveries where order_key = ${`job_to_protocol:${run.id}`}
      and attempts > 0`,
    (rows) => rows.length > 0,
  )
  expect(row?.error).toMatch(why)
  expect(await endsOf(run)).toEqual([])
  windmill.jobs.set(job_id, completed(true))
  await sql`update event_deliveries set next_try_at = now()`
  await api.settled()
  expect(await endsOf(run)).toHaveLength(1)
})

test('a job that no protocol run names is ignored, and may be told of again', async () => {
  const job_id = randomUUID()
  expect(await notify({ job_id }, 'msg_early')).toMatchObject({
    status: 200,
    body: { outcome: 'ignored', detail: expect.stringContaining('flow_job_id') },
  })
  const run = await api.run(project.id, [{ step_name: 'a' }])
  await api.patch(`/protocols/${run.id}`, { flow_job_id: job_id })
  windmill.jobs.set(job_id, completed(true))
  expect((await notify({ job_id }, 'msg_early')).status).toBe(202)
  await api.settled()
  expect(await endsOf(run)).toHaveLength(1)
})

test.each([
  ['no job', {}],
  ['a job id that is none', { job_id: '7' }],
  ['a field it does not know', { job_id: randomUUID(), result: {} }],
])('%s is refused', async (_what, body) => {
  expect(await notify(body)).toMatchObject({ status: 422, body: { rule: 'schema' } })
})

test('a stranger is refused', async () => {
  const answer = await ours('/webhooks/windmill', { job_id: randomUUID() }, { secret: 'guessed' })
  expect(answer).toMatchObject({ status: 401, body: { rule: 'webhook_signature' } })
})
