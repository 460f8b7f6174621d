import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLocalWindmill } from '../../../scripts/local-windmill/index.ts'
import { engineProcesses } from '../../scripts/local-windmill/engine-process.ts'
import { authenticate, SECRET_KEY } from '../../scripts/local-windmill/engine-under-test.ts'
import { testApi } from '../../support/api.ts'
import { buildsDir } from '../../support/builds.ts'
import { isAlive, pair, plannedRun, until } from './support.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const api = await testApi()
const startEngine = await engineProcesses()
/** Sets what jobs need, while no job runs. */
let house: Parameters<typeof plannedRun>[0]
let closeSetter: () => Promise<void>

beforeAll(async () => {
  const setter = await createLocalWindmill({
    ...{ databaseUrl: api.database.url, root, host: '127.0.0.1', port: 0, authenticate },
    ...{ secretKey: SECRET_KEY, log: pino({ level: 'silent' }), buildsDir },
  })
  const token = '$var:f/devgodzilla/api_token'
  await setter.setVariable('f/devgodzilla/api_token', api.adminToken, { secret: true })
  await setter.setResource('f/devgodzilla/api', { base_url: api.url, token }, 'c_devgodzilla_api')
  house = {
    setResource: setter.setResource,
    async ask(method, path, body) {
      const answer = await api.request(method, path, body)
      if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
      return answer.body
    },
  }
  closeSetter = () => setter.close()
})
afterAll(() => closeSetter())

test('a step goes on as its next attempt where the engine was killed, and runs never twice at once', async () => {
  const run = await plannedRun(house, pair, {
    a: `if [ ! -e "$dir/before" ]; then touch "$dir/before"
      setsid sleep 600 & echo $! > "$dir/pid"; wait
    fi; echo a > a.txt`,
  })
  await closeSetter()
  closeSetter = async () => {}
  const engine = await startEngine(api.database.url, root)
  const job = randomUUID()
  const args = { protocol_id: run.id }
  await engine.api.post(`/jobs/run/f/f/devgodzilla/execute_protocol?job_id=${job}`, args)
  const pid = Number(
    await until(
      () => run.read('pid').catch(() => ''),
      (text) => text.endsWith('\n'),
    ),
  )
  expect(await isAlive(pid)).toBe(true)
  await engine.program.kill('SIGKILL')
  await until(
    () => isAlive(pid),
    (alive) => !alive,
  )
  expect(await run.statuses()).toEqual({ a: 'running', b: 'pending' })

  const next = await startEngine(api.database.url, root)
  expect(await next.api.ended(job, 60_000)).toMatchObject({ success: true })
  expect(await run.statuses()).toEqual({ a: 'completed', b: 'completed' })
  expect(await run.journal()).toEqual([...['a begins', 'a begins', 'a ends', 'b begins', 'b ends']])
  const { body } = await api.get(`/steps/${run.step('a')}`)
  expect(body).toMatchObject({ attempt: 2, status: 'completed' })
})

test('a run whose job died for good is taken over by the next job', async () => {
  const engine = await startEngine(api.database.url, root)
  const project = await house.ask<{ id: number }>('POST', '/projects', {
    slug: 'left',
    name: 'Left',
  })
  const run = await house.ask<{ id: number; steps: { id: number }[] }>('POST', '/protocols', {
    project_id: project.id,
    protocol_name: 'Orphaned',
    steps: [{ step_name: 'a' }],
  })
  // What a worker leaves that burns down: a job nobody knows any more, and a step that it began.
  const dead = randomUUID()
  await api.post(`/protocols/${run.id}/actions/execute`, { job_id: dead })
  const [step] = run.steps
  await api.post(`/steps/${step?.id}/actions/start`, { job_id: randomUUID() })
  const { json } = await engine.api.post('/jobs/run_wait_result/f/f/devgodzilla/execute_protocol', {
    protocol_id: run.id,
  })
  expect(json).toMatchObject({ status: 'completed' })
  expect((await api.get(`/steps/${step?.id}`)).body).toMatchObject({ attempt: 2 })
})
