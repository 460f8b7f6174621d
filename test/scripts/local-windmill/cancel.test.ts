import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { engineUnderTest } from './engine-under-test.ts'
import { code } from './workspace-folder.ts'

const { folder, api } = await engineUnderTest({ scripts: 3 })

/** A killed child that nobody waited for is still listed, as Z. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z'
  } catch {
    return false
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let waited = 0; waited < 3000 && isAlive(pid); waited += 20) await sleep(20)
  return !isAlive(pid)
}

async function fileOf(name: string): Promise<string> {
  for (let waited = 0; waited < 5000; waited += 20) {
    const text = await readFile(`${folder.root}/${name}`, 'utf8').catch(() => '')
    if (text.endsWith('\n')) return text
    await sleep(20)
  }
  throw new Error(`${name} was not written`)
}

const later = code('later', 'export function main() { return 1 }')

it('stops an endless loop, and the flow with it', async () => {
  await folder.flow('endless', {
    modules: [
      code(
        'a',
        `export function main() { console.log('here'); for (;;); }`,
        {},
        {
          continue_on_error: true,
          retry: { constant: { attempts: 5, seconds: 0 } },
        },
      ),
      later,
    ],
    failure_module: code('failure', 'export function main() { return { recover: true } }'),
  })
  const id = await api.start('endless')
  await api.until(id, (job) => job.flow_status?.modules[0]?.type === 'InProgress')
  expect(await api.post(`/jobs_u/queue/cancel/${id}`, { reason: 'enough' })).toMatchObject({
    status: 200,
    text: id,
  })
  const job = await api.ended(id)
  expect(job).toMatchObject({
    success: false,
    canceled: true,
    canceled_reason: 'enough',
    result: { error: { name: 'Canceled', message: 'Job canceled: enough by the-member' } },
  })
  expect(job.flow_status?.modules).toMatchObject([
    { type: 'Failure' },
    { type: 'WaitingForPriorSteps' },
  ])
  expect(job.flow_status?.failure_module.type).toBe('WaitingForPriorSteps')
  expect((await api.post(`/jobs_u/queue/cancel/${id}`)).text).toContain('has already ended')
})

it.each([
  ['a child', `spawn('sleep', ['60'])`],
  [
    'a detached child of a child',
    `spawn('sh', ['-c', 'setsid sleep 60 & echo $! > "$0"; wait', file], { detached: true })`,
  ],
  ['a child that is waited for', `spawnSync('sh', ['-c', 'echo $$ > "$0"; exec sleep 60', file])`],
])('kills %s', async (name, call) => {
  const file = name.replaceAll(' ', '-')
  await folder.flow(file, {
    modules: [
      code(
        'a',
        `import { spawn, spawnSync } from 'node:child_process'
        import { writeFileSync } from 'node:fs'
        export async function main(file: string) {
          const child = ${call}
          if (child.spawnargs?.[0] === 'sleep') writeFileSync(file, child.pid + '\\n')
          await new Promise((done) => setTimeout(done, 60_000))
        }`,
        { file: `${folder.root}/${file}` },
      ),
    ],
  })
  const id = await api.start(file)
  const pid = Number(await fileOf(file))
  expect(isAlive(pid)).toBe(true)
  await api.post(`/jobs_u/queue/cancel/${id}`)
  await api.ended(id)
  expect(await gone(pid)).toBe(true)
})

it('kills the children of a step that runs out of time', async () => {
  await folder.flow('late', {
    modules: [
      code(
        'a',
        `import { spawnSync } from 'node:child_process'
        export function main(file: string) {
          spawnSync('sh', ['-c', 'echo $$ > "$0"; exec sleep 60', file])
        }`,
        { file: `${folder.root}/late` },
        { timeout: 0.5 },
      ),
    ],
  })
  const { json } = await api.flow('late')
  expect(json).toMatchObject({ error: { name: 'Timeout' } })
  expect(await gone(Number(await fileOf('late')))).toBe(true)
})

it('ends a sleep, a scheduled job, and what a job has started', async () => {
  await folder.flow('sleeper', {
    modules: [
      code('a', 'export function main() {}', {}, { sleep: { type: 'static', value: 600 } }),
      later,
    ],
  })
  const sleeper = await api.start('sleeper')
  await api.until(sleeper, (job) => job.flow_status?.modules[0]?.type === 'Success')
  await api.post(`/jobs_u/queue/cancel/${sleeper}`)
  expect(await api.ended(sleeper)).toMatchObject({ canceled: true })

  const scheduled = await api.start('sleeper', {}, '?scheduled_in_secs=600')
  await api.post(`/jobs_u/queue/cancel/${scheduled}`)
  expect(await api.ended(scheduled)).toMatchObject({ canceled: true })

  await folder.script(
    'starter',
    `import * as wmill from 'windmill-client'
    export async function main() { return wmill.runFlow('f/t/sleeper', {}) }`,
  )
  const { text: parent } = await api.post('/jobs/run/p/f/t/starter')
  let child: string | undefined
  for (let waited = 0; !child && waited < 15_000; waited += 50) {
    await sleep(50)
    const { json } = await api.get(`/jobs/list?parent_job=${parent}`)
    child = (json as { id: string }[])[0]?.id
  }
  await api.post(`/jobs_u/queue/cancel/${parent}`)
  expect(await api.ended(parent)).toMatchObject({ canceled: true })
  expect(await api.ended(child ?? '')).toMatchObject({ canceled: true })
})

it('ends a job whose step still waits for a place', async () => {
  await folder.flow('crowd', {
    modules: [
      code('a', 'export function main() { return new Promise(() => setInterval(() => {}, 99)) }'),
    ],
  })
  const crowd = await Promise.all(Array.from({ length: 4 }, () => api.start('crowd')))
  await Promise.all(
    crowd.map((id) => api.until(id, (job) => job.flow_status?.modules[0]?.type === 'InProgress')),
  )
  for (const id of [...crowd].reverse()) {
    await api.post(`/jobs_u/queue/cancel/${id}`)
    expect(await api.ended(id)).toMatchObject({ canceled: true })
  }
})

it('stops every part of a parallel loop', async () => {
  const busy = code('x', 'export function main() { for (;;); }')
  await folder.flow('wide', {
    modules: [
      {
        id: 'l',
        value: {
          type: 'forloopflow',
          parallel: true,
          skip_failures: true,
          iterator: { type: 'static', value: [1, 2, 3] },
          modules: [busy],
        },
      },
    ],
  })
  const id = await api.start('wide')
  await api.until(
    id,
    (job) => (job.flow_status?.modules[0]?.flow_jobs as string[] | undefined)?.length === 3,
  )
  await api.post(`/jobs_u/queue/cancel/${id}`)
  expect(await api.ended(id)).toMatchObject({ canceled: true, success: false })
})
