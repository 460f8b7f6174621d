import { pino } from 'pino'
import { expect, it } from 'vitest'
import { createLocalWindmill } from '../../../scripts/local-windmill/index.ts'
import { client } from './client.ts'
import { authenticate, engineUnderTest, SECRET_KEY } from './engine-under-test.ts'
import { code, step } from './workspace-folder.ts'

const { folder, api, database } = await engineUnderTest()

/** Runs until it is told to end, by a file of its name. */
const held = (name: string) =>
  code(
    'a',
    `import { existsSync } from 'node:fs'
     export async function main(gate: string) {
       while (!existsSync(gate)) await new Promise((done) => setTimeout(done, 10))
     }`,
    { gate: `=${JSON.stringify(`${folder.root}/${name}-`)} + flow_input.n` },
  )

const open = (name: string, n: number) => folder.file(`${name}-${n}`, '')

/** Which of these jobs have begun. */
async function begun(ids: string[]): Promise<number[]> {
  const jobs = await Promise.all(ids.map((id) => api.job(id)))
  return jobs.flatMap((job, index) => (job.started_at ? [index] : []))
}

it('lets as many runs of a flow begin as its limit says, the others in the order they came', async () => {
  await folder.flow('two', { concurrent_limit: 2, modules: [held('two')] })
  const ids: string[] = []
  for (const n of [0, 1, 2, 3]) ids.push(await api.start('two', { n }))
  await expect.poll(() => begun(ids)).toEqual([0, 1])
  await open('two', 1)
  await api.ended(ids[1] ?? '')
  await expect.poll(() => begun(ids)).toEqual([0, 1, 2])
  await Promise.all([0, 2, 3].map((n) => open('two', n)))
  await Promise.all(ids.map((id) => api.ended(id)))
})

it('counts by the key, which may be made of arguments', async () => {
  const limits = { concurrent_limit: 1, concurrency_key: 'x/$workspace/$args[who.name]' }
  await folder.flow('keyed', { ...limits, modules: [held('keyed')] })
  const starts = ['ann', 'bob', 'ann'].map((name, n) => ({ n, who: { name } }))
  const ids: string[] = []
  for (const args of starts) ids.push(await api.start('keyed', args))
  await expect.poll(() => begun(ids)).toEqual([0, 1])
  await Promise.all([0, 1, 2].map((n) => open('keyed', n)))
  await Promise.all(ids.map((id) => api.ended(id)))
  const [row] =
    await database.sql`select concurrency_key from windmill.jobs where id = ${ids[0] ?? ''}`
  expect(row?.concurrency_key).toBe('x/devgodzilla/ann')
})

it('lets no more begin than that within the window', async () => {
  await folder.flow('window', {
    concurrent_limit: 1,
    concurrency_time_window_s: 1,
    modules: [step('a', 'now')],
  })
  await folder.script('now', 'export function main() { return Date.now() }')
  const first = await api.start('window')
  const second = await api.start('window')
  const [one, two] = await Promise.all([first, second].map((id) => api.ended(id)))
  expect(Number(two?.result) - Number(one?.result)).toBeGreaterThanOrEqual(1000)
})

it('holds for scripts, by their metadata, and one that is cancelled makes no one wait', async () => {
  const source = 'export async function main() { await new Promise((r) => setTimeout(r, 60_000)) }'
  await folder.script('long', source, { concurrent_limit: 1 })
  const start = async () => (await api.post('/jobs/run/p/f/t/long')).text
  const ids = [await start(), await start(), await start()]
  await expect.poll(() => begun(ids)).toEqual([0])
  await api.post(`/jobs_u/queue/cancel/${ids[1]}`)
  expect(await api.ended(ids[1] ?? '')).toMatchObject({ canceled: true })
  await api.post(`/jobs_u/queue/cancel/${ids[0]}`)
  await expect.poll(() => begun(ids)).toEqual([0, 1, 2])
  await api.post(`/jobs_u/queue/cancel/${ids[2]}`)
  await api.ended(ids[2] ?? '')
})

it('holds across engines, and for what a preprocessor makes', async () => {
  const other = await createLocalWindmill({
    ...{ databaseUrl: database.url, root: folder.root, authenticate, secretKey: SECRET_KEY },
    ...{ host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) },
  })
  try {
    await folder.flow('shared', {
      concurrent_limit: 1,
      concurrency_key: 'shared/$args[who]',
      preprocessor_module: code(
        'preprocessor',
        'export function preprocessor(event) { return { ...event.body, who: "w" } }',
      ),
      modules: [held('shared')],
    })
    const engines = [api, client(other.url, 'member')]
    const ids = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((n) => engines[n % 2]?.start('shared', { n }) ?? ''),
    )
    const running = async () => {
      const rows = await database.sql<{ id: string }[]>`
        select id from windmill.jobs where id = any(${ids}::uuid[]) and started_at is not null
          and completed_at is null and not preprocess`
      return rows.map(({ id }) => ids.indexOf(id))
    }
    const done = new Set<number>()
    while (done.size < ids.length) {
      const now = await running()
      expect(now.length).toBeLessThanOrEqual(1)
      for (const n of now) {
        await open('shared', n)
        done.add(n)
      }
    }
    await Promise.all(ids.map((id) => api.ended(id)))
  } finally {
    await other.close()
  }
})

it.each<[string, object]>([
  ['concurrent_limit of the flow must be a whole number', { concurrent_limit: 1.5 }],
  ['concurrency_key of the flow must be a string', { concurrency_key: 1 }],
  ['concurrency_time_window_s of the flow must be seconds', { concurrency_time_window_s: '1' }],
])('refuses that %s', async (what, value) => {
  await folder.flow('refused', { modules: [], ...value })
  const answer = await api.flow('refused')
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(what)])
})
