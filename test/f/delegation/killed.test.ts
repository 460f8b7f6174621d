import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { createLocalWindmill } from '../../../scripts/local-windmill/index.ts'
import { engineProcesses } from '../../scripts/local-windmill/engine-process.ts'
import { authenticate, SECRET_KEY } from '../../scripts/local-windmill/engine-under-test.ts'
import { type Json, testApi } from '../../support/api.ts'
import { repositoryWith } from '../support/git-repositories.ts'

const product = fileURLToPath(new URL('../../../', import.meta.url))
const api = await testApi()
const startEngine = await engineProcesses()

/** The API as the flow sees it: a request to confirm what was written is told of, and may wait. */
async function between(beforeConfirm: () => Promise<void>): Promise<string> {
  const server = createServer(async (incoming, outgoing) => {
    const body = await text(incoming)
    if (incoming.url?.endsWith('/confirm')) await beforeConfirm()
    const { host: _, connection: __, 'content-length': ___, ...headers } = incoming.headers
    const answer = await fetch(`${api.url}${incoming.url}`, {
      ...{ method: incoming.method ?? 'GET', headers: headers as Record<string, string> },
      body: body === '' ? null : body,
    })
    outgoing.writeHead(answer.status, { 'content-type': 'application/json' })
    outgoing.end(await answer.text())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function setResource(base_url: string): Promise<void> {
  const setter = await createLocalWindmill({
    ...{ databaseUrl: api.database.url, root: product, host: '127.0.0.1', port: 0, authenticate },
    ...{ secretKey: SECRET_KEY, log: pino({ level: 'silent' }) },
  })
  const token = '$var:f/devgodzilla/api_token'
  await setter.setVariable('f/devgodzilla/api_token', api.adminToken, { secret: true })
  await setter.setResource('f/devgodzilla/api', { base_url, token }, 'c_devgodzilla_api')
  await setter.close()
}

test('killed between write and confirm, and edited then, it comes to the same with nothing lost', async () => {
  const root = await repositoryWith({ 'README.md': '' })
  const { body: project } = await api.post('/projects', {
    ...{ slug: 'shop', name: 'Shop', local_path: root, settings: { delegation: 'two_way' } },
  })
  const { body: made } = await api.post('/sprints/from-template', {
    ...{ project_id: project.id, code: 'SHOP-S1', name: 'The first' },
    tasks: [
      { code: 'LAY', title: 'Lay the table' },
      { code: 'SET', title: 'Set the chairs' },
    ],
  })
  const taskNamed = async (code: string): Promise<Json> => {
    const { id } = made.tasks.find((it: Json) => it.code === code)
    return (await api.get(`/tasks/${id}`)).body
  }
  let reached = () => {}
  const confirming = new Promise<void>((resolve) => {
    reached = resolve
  })
  let asked = 0
  await setResource(
    await between(async () => {
      asked += 1
      if (asked > 1) return
      reached()
      await new Promise(() => {})
    }),
  )
  const file = (name: string) => join(root, 'delegation/sprints/SHOP-S1', name)

  const engine = await startEngine(api.database.url, product)
  const job = randomUUID()
  const args = { project_id: project.id }
  await engine.api.post(`/jobs/run/f/f/devgodzilla/sync_delegation?job_id=${job}`, args)
  await confirming
  await engine.program.kill('SIGKILL')
  const written = await readFile(file('LAY/AGENT.yml'), 'utf8')
  expect(written).toContain('Lay the table')
  await writeFile(file('LAY/AGENT.yml'), written.replace('Lay the table', 'Lay two tables'))
  const set = await taskNamed('SET')
  await api.patch(`/tasks/${set.id}`, { title: 'Set the stools' })

  const next = await startEngine(api.database.url, product)
  expect(await next.api.ended(job, 60_000)).toMatchObject({ success: true })
  expect(asked).toBeGreaterThan(1)
  expect(await taskNamed('LAY')).toMatchObject({ title: 'Lay two tables' })
  expect(await taskNamed('SET')).toMatchObject({ title: 'Set the stools' })
  expect(await readFile(file('LAY/TASK.md'), 'utf8')).toContain('Lay two tables')
  expect(await readFile(file('SET/AGENT.yml'), 'utf8')).toContain('Set the stools')
  // What was written is known to be, so that a later edit is told from what the database says.
  const known = (await api.get(`/projects/${project.id}/delegation/files`)).body.items
  for (const name of ['LAY/AGENT.yml', 'LAY/TASK.md', 'SET/AGENT.yml', 'SET/TASK.md']) {
    const sha256 = createHash('sha256')
      .update(await readFile(file(name)))
      .digest('hex')
    const path = `delegation/sprints/SHOP-S1/${name}`
    expect(known).toContainEqual(expect.objectContaining({ path, sha256 }))
  }
  const { json } = await next.api.post(
    '/jobs/run_wait_result/f/f/devgodzilla/sync_delegation',
    args,
  )
  expect(json).toMatchObject({ written: [], conflicts: [], applied: { fields: 0 } })
  const names = await readdir(join(root, 'delegation'), { recursive: true })
  expect(names.filter((it) => it.endsWith('.tmp'))).toEqual([])
})
