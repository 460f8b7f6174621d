import { mkdir, readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  createLocalWindmill,
  type LocalWindmillOptions,
} from '../../../scripts/local-windmill/index.ts'
import { testDatabase } from '../../support/database.ts'
import { client } from './client.ts'
import { type EngineProcess, engineProcesses } from './engine-process.ts'
import { authenticate, SECRET_KEY } from './engine-under-test.ts'
import { code, step, workspaceFolder } from './workspace-folder.ts'

const database = await testDatabase()
const startProcess = await engineProcesses()
const folder = workspaceFolder()
const running = new Set<EngineProcess>()

async function start(): Promise<EngineProcess> {
  const engine = await startProcess(database.url, folder.root)
  running.add(engine)
  return engine
}

async function kill(engine: EngineProcess): Promise<void> {
  running.delete(engine)
  await engine.program.kill('SIGKILL')
}

afterEach(() => Promise.all([...running].map(kill)))
afterAll(() => folder.remove())

/** What the steps of a job wrote down, in order. */
async function marks(name: string): Promise<string[]> {
  const text = await readFile(`${folder.root}/${name}`, 'utf8').catch(() => '')
  return text.split('\n').filter(Boolean)
}

async function untilMarked(name: string, mark: string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 10) {
    if ((await marks(name)).includes(mark)) return
    await sleep(10)
  }
  throw new Error(`${mark} was not reached: ${await marks(name)}`)
}

beforeAll(async () => {
  // Notes its beginning and, unless the gate file is missing, its end.
  await folder.script(
    'mark',
    `import { appendFileSync, existsSync } from 'node:fs'
     export async function main(file: string, mark: string, gate?: string | null) {
       appendFileSync(file, mark + '\\n')
       while (gate && !existsSync(gate)) await new Promise((done) => setTimeout(done, 10))
       return { mark, job: process.env.WM_JOB_ID }
     }`,
  )
})

const mark = (id: string, name: string, expr: string, gate: string | null = null, rest = {}) =>
  step(id, 'mark', { file: `${folder.root}/${name}`, mark: `=${expr}`, gate }, rest)

describe('after a kill -9', () => {
  it('a flow goes on at the step it had reached, within a loop as well', async () => {
    const gate = `${folder.root}/gate`
    await folder.flow('long', {
      modules: [
        mark('a', 'long', '"a"'),
        {
          id: 'l',
          value: {
            type: 'forloopflow',
            // Another list each time: the restart must keep the first.
            iterator: { type: 'javascript', expr: '[0, 1, 2].map((n) => n + ":" + Math.random())' },
            modules: [
              mark('x', 'long', '"x" + flow_input.iter.value'),
              {
                id: 'b',
                value: {
                  type: 'branchone',
                  branches: [
                    {
                      expr: 'flow_input.iter.index === 1',
                      modules: [mark('y', 'long', '"held"', gate)],
                    },
                  ],
                  default: [],
                },
              },
            ],
          },
        },
        mark('c', 'long', '"c" + results.l.length'),
      ],
    })
    const first = await start()
    const id = await first.api.start('long')
    await untilMarked('long', 'held')
    const held = (await first.api.job(id)).flow_status?.modules[1]
    await kill(first)
    const second = await start()
    await folder.file('gate', '')
    const job = await second.api.ended(id)
    expect(job).toMatchObject({ success: true, result: { mark: 'c3' } })
    const [a, x0, x1, held1, held2, x2, c, ...more] = await marks('long')
    expect([a, held1, held2, c, more]).toEqual(['a', 'held', 'held', 'c3', []])
    expect([x0?.slice(0, 3), x1?.slice(0, 3), x2?.slice(0, 3)]).toEqual(['x0:', 'x1:', 'x2:'])
    // The ids stay, so that a step can recognise its own first try by WM_JOB_ID.
    expect(job.flow_status?.modules[1]?.job).toBe(held?.job)
  })

  it('a flow that waits for people still does, and remembers who has answered', async () => {
    await folder.flow('asked', {
      modules: [
        code(
          'a',
          'export function main() { return process.env.WM_JOB_ID }',
          {},
          {
            suspend: { required_events: 2 },
          },
        ),
        mark('b', 'asked', 'resumes.join(" ")'),
      ],
    })
    const first = await start()
    const id = await first.api.start('asked')
    const waits = (suspend: number) => first.api.until(id, (job) => job.suspend === suspend)
    const { flow_status } = await waits(2)
    const { json } = await first.api.get(
      `/jobs/resume_urls/${flow_status?.modules[0]?.job}/7?approver=ann`,
    )
    const { resume } = json as { resume: string }
    const address = new URL(resume).pathname + new URL(resume).search
    const answer = (engine: EngineProcess, body: string) =>
      fetch(new URL(address, engine.url), { method: 'POST', body })
    expect((await answer(first, '"one"')).status).toBe(201)
    await waits(1)
    await kill(first)
    const second = await start()
    expect((await answer(second, '"again"')).status).toBe(409)
    expect((await second.api.post(`/jobs/flow/resume/${id}`, '"two"')).status).toBe(201)
    expect(await second.api.ended(id)).toMatchObject({ success: true })
    expect(await marks('asked')).toEqual(['one two'])
  })

  it('a while loop goes on in its round, with what the round before left', async () => {
    const held = `=flow_input.iter.index === 1 ? ${JSON.stringify(`${folder.root}/gate-rounds`)} : null`
    await folder.flow('rounds', {
      modules: [
        {
          id: 'w',
          value: {
            type: 'whileloopflow',
            skip_failures: false,
            modules: [
              mark('x', 'rounds', '(results.x?.mark ?? "") + "x"'),
              mark('y', 'rounds', '"y" + flow_input.iter.index', held),
            ],
          },
          stop_after_if: { expr: 'all_iters.length === 3' },
        },
      ],
    })
    const first = await start()
    const id = await first.api.start('rounds')
    await untilMarked('rounds', 'y1')
    await kill(first)
    const second = await start()
    await folder.file('gate-rounds', '')
    expect(await second.api.ended(id)).toMatchObject({ success: true })
    expect(await marks('rounds')).toEqual(['x', 'y0', 'xx', 'y1', 'y1', 'xxx', 'y2'])
  })

  it('the clocks of a sleep and of a retry go on', async () => {
    await folder.flow('clocks', {
      modules: [
        code(
          'a',
          `import { appendFileSync } from 'node:fs'
          export function main(file: string) { appendFileSync(file, 'a\\n'); return Date.now() }`,
          { file: `${folder.root}/clocks` },
          { sleep: { type: 'static', value: 3 } },
        ),
        code(
          'b',
          `import { appendFileSync, readFileSync } from 'node:fs'
          export function main(file: string) {
            appendFileSync(file, 'b' + Date.now() + '\\n')
            const times = readFileSync(file, 'utf8').match(/b\\d+/g)!.map((t) => Number(t.slice(1)))
            if (times.length < 2) throw new Error('again')
            return times
          }`,
          { file: `${folder.root}/clocks` },
          { retry: { constant: { attempts: 1, seconds: 3 } } },
        ),
        step('c', 'mark', {
          file: `${folder.root}/clocks`,
          mark: '=JSON.stringify([results.a, ...results.b])',
        }),
      ],
    })
    const first = await start()
    const id = await first.api.start('clocks')
    await first.api.until(id, (job) => job.flow_status?.modules[0]?.type === 'Success')
    await kill(first)
    const second = await start()
    const secondUp = Date.now()
    await second.api.until(id, (job) => job.flow_status?.modules[1]?.type === 'WaitingForExecutor')
    await kill(second)
    const third = await start()
    const thirdUp = Date.now()
    const { result } = await third.api.ended(id)
    const [a, b1, b2] = JSON.parse((result as { mark: string }).mark) as [number, number, number]
    for (const gap of [b1 - a, b2 - b1]) expect(gap).toBeGreaterThanOrEqual(2990)
    // A clock begun anew would run its whole time from here.
    for (const since of [b1 - secondUp, b2 - thirdUp]) expect(since).toBeLessThan(2990)
    expect((await marks('clocks')).filter((line) => line === 'a')).toHaveLength(1)
  })

  it('what the step had started is killed before the step begins again', async () => {
    await folder.flow('orphan', {
      modules: [
        code(
          'a',
          `import { spawn } from 'node:child_process'
          import { appendFileSync } from 'node:fs'
          export async function main(file: string) {
            const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
            appendFileSync(file, child.pid + '\\n')
            await new Promise((done) => setTimeout(done, 60_000))
          }`,
          { file: `${folder.root}/orphan` },
        ),
      ],
    })
    const first = await start()
    const id = await first.api.start('orphan')
    for (let waited = 0; (await marks('orphan')).length < 1 && waited < 5000; waited += 10)
      await sleep(10)
    const [pid = ''] = await marks('orphan')
    await kill(first)
    expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).toContain('sleep')
    const second = await start()
    for (let waited = 0; (await marks('orphan')).length < 2 && waited < 5000; waited += 10)
      await sleep(10)
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')
    expect(stat.slice(stat.lastIndexOf(')') + 2)[0]).toBe('Z')
    await second.api.post(`/jobs_u/queue/cancel/${id}`)
    await second.api.ended(id)
  })
})

describe('two engines on one database', () => {
  it('run every step of every job once', async () => {
    await folder.flow('shared', {
      modules: ['a', 'b', 'c'].map((id) => mark(id, 'shared', `flow_input.n + "${id}"`)),
    })
    const engines = [await start(), await start()]
    const ids = await Promise.all(
      Array.from({ length: 16 }, (_, n) => engines[n % 2]?.api.start('shared', { n })),
    )
    for (const id of ids) {
      const job = await engines[0]?.api.ended(id ?? '', 20_000)
      expect(job).toMatchObject({ success: true })
    }
    const all = await marks('shared')
    expect(new Set(all).size).toBe(48)
    expect(all).toHaveLength(48)
  })

  it('take over from one that dies, within the poll', async () => {
    const gate = `${folder.root}/gate-over`
    await folder.flow('over', {
      modules: [mark('a', 'over', '"a"'), mark('b', 'over', '"b"', gate)],
    })
    const first = await start()
    const id = await first.api.start('over')
    await untilMarked('over', 'b')
    const second = await start()
    await sleep(1500)
    expect(await marks('over')).toEqual(['a', 'b'])
    await kill(first)
    const killed = Date.now()
    while ((await marks('over')).length < 3) await sleep(10)
    expect(Date.now() - killed).toBeLessThan(2500)
    await folder.file('gate-over', '')
    expect(await second.api.ended(id)).toMatchObject({ success: true })
    expect(await marks('over')).toEqual(['a', 'b', 'b'])
  })

  it('wait for each other’s jobs, and cancel them', async () => {
    await folder.flow('far', { modules: [mark('a', 'far', '"a"', `${folder.root}/never`)] })
    const one = await start()
    const id = await one.api.start('far')
    await untilMarked('far', 'a')
    const two = await start()
    const waiting = two.api.post(`/jobs/run_wait_result/f/f/t/far?job_id=${id}`)
    await two.api.post(`/jobs_u/queue/cancel/${id}`, { reason: 'from afar' })
    const { status, text } = await waiting
    expect([status, text]).toEqual([500, expect.stringContaining('from afar')])
    expect(await marks('far')).toEqual(['a'])
  })
})

describe('an engine', () => {
  const inProcess = (
    drainMs: number,
    prepare: LocalWindmillOptions['prepare'] = async () => {},
    options: Pick<LocalWindmillOptions, 'buildsDir'> = {},
  ) =>
    createLocalWindmill({
      ...options,
      databaseUrl: database.url,
      root: folder.root,
      authenticate,
      host: '127.0.0.1',
      port: 0,
      secretKey: SECRET_KEY,
      log: pino({ level: 'silent' }),
      prepare,
      limits: { drainMs },
    })

  it('keeps what it builds of scripts where it is told to, else takes it away in the end', async () => {
    const [kept, temporary] = [`${folder.root}/builds`, `${folder.root}/tmp`]
    await mkdir(temporary)
    await folder.script('where', 'export function main() { return import.meta.url }')
    vi.stubEnv('TMPDIR', temporary)
    onTestFinished(() => void vi.unstubAllEnvs())
    for (const [options, place] of [
      [{}, temporary],
      [{ buildsDir: kept }, kept],
    ] as const) {
      const engine = await inProcess(0, undefined, options)
      const { json } = await client(engine.url, 'member').script('where')
      expect(json).toContain(`file://${place}/`)
      await engine.close()
    }
    expect(await readdir(temporary)).toEqual([])
    expect(await readdir(kept)).toHaveLength(1)
  })

  it('that loses its lock stops the step and begins it again', async () => {
    const gate = `${folder.root}/gate-lost`
    await folder.flow('lost', {
      modules: [mark('a', 'lost', '"a"', gate), mark('b', 'lost', '"b"')],
    })
    const engine = await inProcess(0)
    const api = client(engine.url, 'member')
    const id = await api.start('lost')
    await untilMarked('lost', 'a')
    await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'local-windmill locks' and datname = current_database()`
    while ((await marks('lost')).length < 2) await sleep(10)
    await folder.file('gate-lost', '')
    expect(await api.ended(id)).toMatchObject({ success: true })
    expect(await marks('lost')).toEqual(['a', 'a', 'b'])
    await engine.close()
  })

  it('that lingers after its job was taken over writes nothing', async () => {
    const gate = `${folder.root}/gate-fenced`
    await folder.flow('fenced', {
      modules: [mark('a', 'fenced', '"a"', gate), mark('b', 'fenced', '"b"')],
    })
    const engine = await inProcess(0)
    const api = client(engine.url, 'member')
    const id = await api.start('fenced')
    await untilMarked('fenced', 'a')
    await database.sql`update windmill.jobs set attempt = attempt + 1 where id = ${id}`
    await folder.file('gate-fenced', '')
    expect(await api.ended(id)).toMatchObject({ success: true })
    // The end of the first try was not taken, so the step ran again for its new owner.
    expect(await marks('fenced')).toEqual(['a', 'a', 'b'])
    await engine.close()
  })

  it('does not handle a failure again that a loop’s failure module has handled inside', async () => {
    const loop = {
      id: 'l',
      value: {
        type: 'forloopflow',
        iterator: { type: 'static', value: [1] },
        modules: [mark('boom', 'inside', 'no.such')],
      },
    }
    const failure_module = mark('failure', 'inside', '"failure"')
    await folder.flow('inside', { modules: [loop], failure_module })
    const engine = await inProcess(0)
    const api = client(engine.url, 'member')
    const id = await api.start('inside')
    const { result } = await api.ended(id)
    // As after a kill between the end of the loop and that of the job.
    await database.sql`
      update windmill.jobs set completed_at = null, success = null, owner = null where id = ${id}`
    expect(await api.ended(id)).toMatchObject({ success: false, result })
    expect(await marks('inside')).toEqual(['failure'])
    await engine.close()
  })

  it('forgets jobs that ended more than thirty days ago and old builds, and keeps all others', async () => {
    const buildsDir = `${folder.root}/old-builds`
    await mkdir(`${buildsDir}/2020-02-02`, { recursive: true })
    await folder.flow('kept', { modules: [mark('a', 'kept', '"a"')] })
    const first = await inProcess(0)
    const api = client(first.url, 'member')
    const ids = [await api.start('kept'), await api.start('kept'), await api.start('kept')]
    await Promise.all(ids.map((id) => api.ended(id)))
    await first.close()
    const [old, younger, waiting] = ids as [string, string, string]
    const { sql } = database
    await sql`update windmill.jobs set created_at = now() - interval '40 days' where id = any(${ids})`
    await sql`update windmill.jobs set completed_at = now() - interval '31 days' where id = ${old}`
    await sql`update windmill.jobs set completed_at = now() - interval '29 days' where id = ${younger}`
    await sql`
      update windmill.jobs set completed_at = null, success = null,
        suspend_until = now() + interval '1 day' where id = ${waiting}`
    const engine = await inProcess(0, undefined, { buildsDir })
    const left = async () => {
      const rows = await sql<{ id: string }[]>`
        select job.id from windmill.jobs job join windmill.steps step on step.job_id = job.id
        where job.id = any(${ids})`
      return rows.map(({ id }) => id).sort()
    }
    for (let waited = 0; waited < 5000 && (await left()).includes(old); waited += 50)
      await sleep(50)
    expect(await left()).toEqual([younger, waiting].sort())
    expect(await sql`select 1 from windmill.steps where job_id = ${old}`).toHaveLength(0)
    // They went before.
    expect(await readdir(buildsDir)).toEqual([])
    await engine.close()
  })

  it('that closes lets a running step end, begins none, and leaves the rest', async () => {
    const gate = `${folder.root}/gate-close`
    await folder.flow('close', {
      modules: [mark('a', 'close', '"a"', gate), mark('b', 'close', '"b"')],
    })
    const engine = await inProcess(2000)
    const id = await client(engine.url, 'member').start('close')
    await untilMarked('close', 'a')
    const closing = engine.close()
    await sleep(100)
    await folder.file('gate-close', '')
    await closing
    expect(await marks('close')).toEqual(['a'])
    const next = await inProcess(0)
    expect(await client(next.url, 'member').ended(id)).toMatchObject({ success: true })
    expect(await marks('close')).toEqual(['a', 'b'])
    await next.close()
  })

  it('sets what jobs rely on before it takes up what a crash left behind', async () => {
    await folder.flow('relying', {
      modules: [
        mark('a', 'relying', '"a"', `${folder.root}/gate-relying`),
        step('b', 'mark', { file: `${folder.root}/relying`, mark: '$var:f/t/address' }),
      ],
    })
    const first = await start()
    const id = await first.api.start('relying')
    await untilMarked('relying', 'a')
    await kill(first)
    await folder.file('gate-relying', '')
    const engine = await inProcess(0, async ({ setVariable }) => {
      await sleep(300)
      await setVariable('f/t/address', 'new')
    })
    expect(await client(engine.url, 'member').ended(id)).toMatchObject({ result: { mark: 'new' } })
    await engine.close()
  })

  it('says when its port is taken, and leaves nothing open', async () => {
    const engine = await inProcess(0)
    const port = Number(new URL(engine.url).port)
    await expect(
      createLocalWindmill({
        databaseUrl: database.url,
        root: folder.root,
        authenticate,
        host: '127.0.0.1',
        port,
        secretKey: SECRET_KEY,
        log: pino({ level: 'silent' }),
      }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await engine.close()
  })
})
