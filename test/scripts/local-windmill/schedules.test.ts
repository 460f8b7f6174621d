import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { createLocalWindmill } from '../../../scripts/local-windmill/index.ts'
import { cronFault, nextRun } from '../../../scripts/local-windmill/triggers/cron.ts'
import { testDatabase } from '../../support/database.ts'
import type { Job } from './client.ts'
import { engineProcesses } from './engine-process.ts'
import { authenticate, engineUnderTest, SECRET_KEY } from './engine-under-test.ts'
import { code, workspaceFolder } from './workspace-folder.ts'

const { engine, folder, database, logged, as, api } = await engineUnderTest()
const { sql } = database
const admin = as('admin')
/** For engines that are killed, with a workspace of their own. */
const other = await testDatabase()
const startProcess = await engineProcesses()

const RARELY = '0 0 0 1 1 *'

async function schedule(name: string, fields: object): Promise<void> {
  const usual = { schedule: RARELY, timezone: 'UTC', is_flow: true, enabled: true, args: {} }
  await folder.file(`f/t/${name}.schedule.yaml`, stringify({ ...usual, ...fields }))
}

const look = () => api.get('/schedules/list')

/** Makes a schedule due at a time that has just passed, and has the engine look. */
async function comeDue(name: string, due = new Date(Date.now() - 1000)): Promise<Date> {
  await look()
  await sql`update windmill.schedules set next_at = ${due} where path = ${`f/t/${name}`}`
  await look()
  return due
}

type Run = { id: string; success: boolean | null; skipped: boolean; scheduled_for: Date }
const runsOf = (name: string) =>
  sql<Run[]>`
    select id, success, skipped, scheduled_for from windmill.jobs
    where trigger = ${`f/t/${name}`} order by scheduled_for, created_at`

async function only(name: string): Promise<Run> {
  const runs = await runsOf(name)
  expect(runs).toHaveLength(1)
  return runs[0] as Run
}

beforeAll(async () => {
  await folder.flow(
    'greet',
    {
      modules: [
        code('a', 'export async function main(who: string) { return who }', {
          who: '=flow_input.who',
        }),
      ],
    },
    { schema: { type: 'object', properties: { who: { type: 'string' } }, required: ['who'] } },
  )
  await folder.flow('quick', { modules: [] })
  await folder.flow('slow', {
    modules: [{ id: 'a', value: { type: 'identity' }, sleep: { type: 'static', value: 600 } }],
  })
  await folder.script(
    'wait',
    'export async function main() { await new Promise((r) => setTimeout(r, 1e6)) }',
  )
})

describe('a cron expression', () => {
  const at = (cron: string, zone: string, after: string) =>
    nextRun(cron, zone, new Date(after))?.toISOString()

  it('is read by the clock of its time zone', () => {
    expect(at('0 30 4 * * *', 'Asia/Kolkata', '2026-06-01T00:00:00Z')).toBe(
      '2026-06-01T23:00:00.000Z',
    )
    expect(at('15 0 9 * * MON', 'America/New_York', '2026-06-05T00:00:00Z')).toBe(
      '2026-06-08T13:00:15.000Z',
    )
  })

  it('comes due after the gap when the clock skips its hour', () => {
    expect(at('0 30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe(
      '2026-03-29T01:00:00.000Z',
    )
  })

  it('comes due once when the clock shows its hour twice', () => {
    const first = at('0 30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z')
    expect(first).toBe('2026-10-25T00:30:00.000Z')
    expect(at('0 30 2 * * *', 'Europe/Berlin', first ?? '')).toBe('2026-10-26T01:30:00.000Z')
  })

  it('that repeats goes on evenly through the hour that comes twice', () => {
    let due = '2026-10-24T23:40:00Z'
    const all = Array.from({ length: 4 }, () => {
      due = at('0 */30 * * * *', 'Europe/Berlin', due) ?? ''
      return due.slice(11, 16)
    })
    expect(all).toEqual(['00:00', '00:30', '01:00', '01:30'])
  })

  it.each(['*/10 0-30/5,45 ? L JAN-MAR MON#2', '0 0 4 15W 1,6 5L', '0 0 4 * * 7'])(
    'may be %s',
    (cron) => expect(cronFault(cron)).toBeUndefined(),
  )

  it.each([
    ['0 4 * * *', /5 fields.*seconds/],
    ['0 0 4 * * * 2027', /7 fields/],
    ['@daily', /1 fields/],
    ['2027-01-01T00:00:00', /1 fields/],
    ['0 60 4 * * *', /minute: 60/],
    ['0 0 0 30 2 *', /never comes/],
  ])('cannot be %s', (cron, why) => expect(cronFault(cron)).toMatch(why))
})

describe('a schedule that comes due', () => {
  it('starts its flow with its arguments, and the job names it', async () => {
    await schedule('nightly', { script_path: 'f/t/greet', args: { who: 'Ada' } })
    const due = await comeDue('nightly')
    const { id } = await only('nightly')
    expect(await api.ended(id)).toMatchObject({
      success: true,
      result: 'Ada',
      script_path: 'f/t/greet',
      schedule_path: 'f/t/nightly',
      trigger_kind: 'schedule',
      created_by: 'schedule-f-t-nightly',
      scheduled_for: due.toISOString(),
    })
    expect((await api.get('/jobs/list?schedule_path=f/t/nightly')).json).toMatchObject([{ id }])
    const [row] = await sql`select next_at from windmill.schedules where path = 'f/t/nightly'`
    expect(row?.next_at).toEqual(nextRun(RARELY, 'UTC', new Date()))
  })

  it('may pass resources, as its file may', async () => {
    await folder.file('f/t/key.resource.yaml', 'resource_type: key\nvalue: { key: 7 }\n')
    await folder.script(
      'use',
      'export async function main(key: { key: number }) { return key.key }',
      {
        schema: { properties: { key: { type: 'object', format: 'resource-key' } } },
      },
    )
    const script_path = 'f/t/use'
    await schedule('keyed', { script_path, is_flow: false, args: { key: '$res:f/t/key' } })
    await comeDue('keyed')
    expect(await api.ended((await only('keyed')).id)).toMatchObject({ success: true, result: 7 })
  })

  it('comes due again and again by itself, on the second', async () => {
    await schedule('ticks', { script_path: 'f/t/quick', schedule: '* * * * * *' })
    await look()
    while ((await runsOf('ticks')).length < 2) await sleep(50)
    await schedule('ticks', { script_path: 'f/t/quick', enabled: false })
    await look()
    const times = (await runsOf('ticks')).map((run) => run.scheduled_for.getTime())
    expect(times.map((time) => time % 1000)).toEqual(times.map(() => 0))
    expect(new Set(times).size).toBe(times.length)
  })

  it('starts one job where a kill came between the start and the note of it', async () => {
    await schedule('once', { script_path: 'f/t/quick' })
    const due = await comeDue('once')
    await api.ended((await only('once')).id)
    // What a kill leaves behind: the job is there, and the time is still due.
    await comeDue('once', due)
    await only('once')
  })

  it('starts one job where two engines look at once', async () => {
    const second = await createLocalWindmill({
      databaseUrl: database.url,
      root: folder.root,
      authenticate,
      host: '127.0.0.1',
      port: 0,
      secretKey: SECRET_KEY,
      log: pino({ level: 'silent' }),
    })
    try {
      await schedule('shared', { script_path: 'f/t/quick' })
      await look()
      const lookToo = () =>
        fetch(`${second.url}/api/w/devgodzilla/schedules/list?token=member`).then((it) => it.text())
      for (const minute of [1, 2, 3, 4, 5]) {
        const due = new Date(Date.UTC(2026, 0, 1, 0, minute))
        await sql`update windmill.schedules set next_at = ${due} where path = 'f/t/shared'`
        await Promise.all([look(), lookToo(), look(), lookToo()])
        await api.ended((await runsOf('shared')).at(-1)?.id ?? '')
      }
      const runs = await runsOf('shared')
      expect(runs.map((run) => run.scheduled_for.getUTCMinutes())).toEqual([1, 2, 3, 4, 5])
    } finally {
      await second.close()
    }
  })

  it('makes up one run after a rest, and not all that were missed', async () => {
    await schedule('rested', { script_path: 'f/t/quick' })
    const due = await comeDue('rested', new Date('2020-01-01T00:00:00Z'))
    expect((await only('rested')).scheduled_for).toEqual(due)
  })

  it('goes on where a kill -9 of one engine leaves it to another', async () => {
    const { root, remove, file, flow } = workspaceFolder()
    await flow('quick', { modules: [] })
    await file(
      'f/t/ticks.schedule.yaml',
      `{ schedule: '* * * * * *', timezone: UTC, script_path: f/t/quick, is_flow: true, enabled: true }`,
    )
    const ended = () => other.sql`select scheduled_for from windmill.jobs where success`
    try {
      for (const runs of [1, 2]) {
        const { program } = await startProcess(other.url, root)
        while ((await ended()).length < runs) await sleep(20)
        await program.kill('SIGKILL')
      }
      const times = (await ended()).map((run) => run.scheduled_for.getTime())
      expect(new Set(times).size).toBe(times.length)
    } finally {
      remove()
    }
  })

  it('leaves a run out, and says so, while the one before still runs', async () => {
    await schedule('lonely', { script_path: 'f/t/slow', no_flow_overlap: true })
    await comeDue('lonely', new Date('2026-01-01T00:00:00Z'))
    const first = await only('lonely')
    await api.until(first.id, (job) => job.started_at !== undefined)
    await comeDue('lonely', new Date('2026-01-02T00:00:00Z'))
    const [, second] = await runsOf('lonely')
    expect(await api.job(second?.id ?? '')).toMatchObject({
      type: 'CompletedJob',
      success: true,
      is_skipped: true,
      result: `not allowed to overlap with ${first.id}, scheduling next iteration`,
    })
    await api.post(`/jobs_u/queue/cancel/${first.id}`)
    await api.ended(first.id)
    await comeDue('lonely', new Date('2026-01-03T00:00:00Z'))
    const [, , third] = await runsOf('lonely')
    expect(third?.skipped).toBe(false)
    await api.post(`/jobs_u/queue/cancel/${third?.id}`)
  })

  it('runs flows side by side where that is allowed, scripts never', async () => {
    await schedule('crowd', { script_path: 'f/t/slow' })
    await schedule('queue', { script_path: 'f/t/wait', is_flow: false })
    for (const name of ['crowd', 'queue']) {
      await comeDue(name, new Date('2026-01-01T00:00:00Z'))
      const { id } = await only(name)
      await api.until(id, (job) => job.started_at !== undefined)
      await comeDue(name, new Date('2026-01-02T00:00:00Z'))
    }
    const [crowd, queue] = [await runsOf('crowd'), await runsOf('queue')]
    expect([crowd.length, queue.length]).toEqual([2, 1])
    for (const { id } of [...crowd, ...queue]) await api.post(`/jobs_u/queue/cancel/${id}`)
  })

  it('says why it could not start, and tries again the next time', async () => {
    await schedule('lost', { script_path: 'f/t/greet', args: {} })
    await comeDue('lost')
    expect(await runsOf('lost')).toEqual([])
    const { json } = await api.get('/schedules/get/f/t/lost')
    expect(json).toMatchObject({ enabled: true, error: expect.stringMatching(/who is required/) })
    await schedule('lost', { script_path: 'f/t/greet', args: { who: 'Eve' } })
    await comeDue('lost')
    await only('lost')
  })
})

describe('a schedule is off', () => {
  it('while its file says so, or somebody has said so', async () => {
    await schedule('door', { script_path: 'f/t/quick', enabled: false })
    const next = async () => {
      await look()
      return (await sql`select next_at from windmill.schedules where path = 'f/t/door'`)[0]?.next_at
    }
    expect(await next()).toBeNull()
    const turn = (enabled: unknown, token = 'admin') =>
      as(token).post('/schedules/setenabled/f/t/door', { enabled })
    expect((await turn(true)).status).toBe(200)
    expect(await next()).toEqual(nextRun(RARELY, 'UTC', new Date()))
    await turn(false)
    expect(await next()).toBeNull()
    expect((await turn(true, 'member')).status).toBe(403)
    expect((await turn('yes')).text).toMatch(/enabled must be true or false/)
    expect((await admin.post('/schedules/setenabled/f/t/none', { enabled: true })).status).toBe(404)
    expect(await next()).toBeNull()
  })

  it('until the time that it is paused to', async () => {
    await schedule('paused', { script_path: 'f/t/quick', paused_until: '2126-05-05T00:00:00Z' })
    await look()
    const [row] = await sql`select next_at from windmill.schedules where path = 'f/t/paused'`
    expect(row?.next_at).toEqual(new Date('2127-01-01T00:00:00Z'))
  })
})

describe('a file that cannot be followed', () => {
  it.each<[string, object, RegExp]>([
    ['five fields', { schedule: '0 4 * * *' }, /five is left out: schedule has 5 fields/],
    ['no such zone', { timezone: 'Mars/Olympus' }, /timezone .*Mars/],
    ['an old cron', { cron_version: 'v1' }, /cron_version is supported as v2 alone/],
    ['a retry', { retry: { constant: { attempts: 1 } } }, /retry is not supported/],
    ['a slip', { enabeld: true }, /enabeld is not known: did you mean enabled/],
    ['no flow', { script_path: null }, /script_path must be a string/],
  ])('with %s is told in the log, and left out', async (_, fields, why) => {
    await schedule('five', { script_path: 'f/t/quick', ...fields })
    const { json } = await look()
    expect((json as Job[]).map(({ path }) => path)).not.toContain('f/t/five')
    expect(logged()).toMatch(why)
  })

  it('as YAML stops no other', async () => {
    await folder.file('f/t/five.schedule.yaml', 'a: [')
    await comeDue('once', new Date('2026-02-02T00:00:00Z'))
    expect(await runsOf('once')).toHaveLength(2)
    expect(logged()).toMatch(/five is left out: .*not valid YAML/)
  })

  it('warns of handlers, which are not run, and runs all the same', async () => {
    await schedule('five', { script_path: 'f/t/quick', on_failure: 'script/f/t/cry' })
    expect(((await look()).json as Job[]).map(({ path }) => path)).toContain('f/t/five')
    expect(logged()).toMatch(/on_failure has no effect here/)
  })
})

describe('schedules over HTTP', () => {
  it('are listed and shown', async () => {
    await schedule('shown', { script_path: 'f/t/quick', summary: 'Shown', no_flow_overlap: true })
    const { json } = await api.get('/schedules/get/f/t/shown')
    expect(json).toMatchObject({
      workspace_id: 'devgodzilla',
      path: 'f/t/shown',
      schedule: RARELY,
      timezone: 'UTC',
      script_path: 'f/t/quick',
      is_flow: true,
      enabled: true,
      no_flow_overlap: true,
      summary: 'Shown',
      error: null,
    })
    expect((await api.get('/schedules/exists/f/t/shown')).json).toBe(true)
    expect((await api.get('/schedules/exists/f/t/none')).json).toBe(false)
    expect((await api.get('/schedules/get/f/t/none')).status).toBe(404)
  })

  it('are previewed by a cron expression and a zone', async () => {
    const preview = async (body: object) => {
      const answer = await fetch(`${engine.url}/api/schedules/preview?token=viewer`, {
        method: 'POST',
        body: JSON.stringify(body),
      })
      return { status: answer.status, text: await answer.text() }
    }
    const { text } = await preview({ schedule: RARELY, timezone: 'UTC' })
    const times = JSON.parse(text) as string[]
    expect(times).toHaveLength(5)
    expect(times[0]).toMatch(/^20\d\d-01-01T00:00:00.000Z$/)
    expect(await preview({ schedule: '* * *', timezone: 'UTC' })).toMatchObject({ status: 400 })
    expect(await preview({ schedule: RARELY, timezone: 'X' })).toMatchObject({ status: 400 })
  })
})

it('a schedule whose file is gone is forgotten', async () => {
  await schedule('brief', { script_path: 'f/t/quick' })
  await look()
  await rm(`${folder.root}/f/t/brief.schedule.yaml`)
  await look()
  expect(await sql`select 1 from windmill.schedules where path = 'f/t/brief'`).toEqual([])
})

afterAll(async () => {
  // Nothing may still run when the engine is closed.
  await sql`update windmill.jobs set canceled_at = now(), canceled_by = 'test'
    where completed_at is null`
})
