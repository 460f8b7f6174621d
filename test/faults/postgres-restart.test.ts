import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { migrate } from '../../scripts/migrate.ts'
import { clusterIn } from '../../scripts/postgres/cluster.ts'
import { startPostgres } from '../../scripts/postgres/start.ts'
import { stopServer } from '../../scripts/postgres/stop.ts'
import { checked } from '../api/support/checked-api.ts'
import { openSocket, openStream } from '../api/support/streams.ts'
import { type Answer, eventually, type Json } from '../support/api.ts'
import type { TestDatabase } from '../support/database.ts'
import { memoryFolder } from '../support/memory-folder.ts'
import { apiProcesses } from './support/api-process.ts'

const startApi = await apiProcesses()
const dataDir = await mkdtemp(join(await memoryFolder(), 'devgodzilla-restart-'))
const { pgdata } = clusterIn(dataDir)
const servers: { stop(): Promise<void> }[] = []
/** Brings the server up where it was. What is not flushed may be lost; what was committed may not. */
const startServer = async (port?: string) => {
  const server = await startPostgres({
    dataDir,
    settings: { fsync: 'off', ...(port ? { port } : {}) },
    log: () => {},
  })
  servers.push(server)
  return server.url
}
const url = await startServer()
await migrate(url)
const sql = postgres(url, { max: 2, onnotice: () => {} })
afterAll(async () => {
  await sql.end({ timeout: 1 })
  for (const server of servers) await server.stop()
  await rm(dataDir, { recursive: true, force: true })
})

const running = await startApi({ url, sql } as TestDatabase)
const api = checked({ ...running, database: { url, sql } as TestDatabase })
const headers = { Authorization: `Bearer ${api.adminToken}` }

/** A client that sends a change again, with the same key, until it is acknowledged. */
async function acknowledged(method: string, path: string, body: object, key: string) {
  const excuses: Answer[] = []
  for (;;) {
    const answer = await running
      .request(method, path, body, { headers: { 'Idempotency-Key': key } })
      .catch((error: unknown) => ({ status: 0, body: String(error) }))
    if (answer.status > 0 && answer.status < 300) return { body: answer.body, excuses }
    if (running.hasEnded()) throw new Error('the process of the API has ended')
    excuses.push(answer)
    await sleep(20)
  }
}

const ways = [
  ['fast', 'SIGINT'],
  ['immediate', 'SIGQUIT'],
  ['kill -9', 'SIGKILL'],
] as const
test.each(ways)(
  'Postgres restarted under load (%s): what was acknowledged is there, once, and streams go on',
  async (way, signal) => {
    const project = await api.project()
    const plan = Array.from({ length: 40 }, (_, n) => ({ step_name: `s${n}`, story_points: 1 }))
    const { run, sprint, steps } = await api.linkedRun(project.id, plan)
    await api.settled()
    await api.caughtUp()
    const stream = await openStream(`${api.url}/events/stream?project_id=${project.id}`, headers)
    const socket = await openSocket(`${api.url}/ws`, headers)
    socket.send({ type: 'subscribe', rooms: [`project:${project.id}`] })
    await socket.until((messages) => messages.length > 0)

    let stopped = false
    const excuses: Answer[] = []
    const made: number[] = []
    const change = async (method: string, path: string, body: object, key: string) => {
      const answer = await acknowledged(method, path, body, `${way}-${key}`.replaceAll(' ', ''))
      excuses.push(...answer.excuses)
      return answer.body
    }
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let n = 0; !stopped; n++) {
        const body = { project_id: project.id, title: `${writer} ${n}`, sprint_id: sprint.id }
        made.push((await change('POST', '/tasks', body, `task-${writer}-${n}`)).id)
      }
    })
    const agents = Array.from({ length: 2 }, async (_, agent) => {
      for (const step of steps.filter((_: Json, index: number) => index % 2 === agent)) {
        for (const action of ['start', 'complete']) {
          await change('POST', `/steps/${step.id}/actions/${action}`, {}, `${action}-${step.id}`)
        }
        await sleep(20)
      }
    })
    await sleep(300)
    await stopServer(pgdata, [[signal, 6_000]])
    await sleep(200)
    await startServer(new URL(url).port)
    await sleep(300)
    stopped = true
    await Promise.all([...writers, ...agents])
    await api.settled()

    // Everything that was acknowledged is there, once.
    expect(excuses.length).toBeGreaterThan(0)
    expect(excuses.filter(({ status }) => status !== 0 && status !== 503)).toEqual([])
    const tasks = await sql<Json[]>`
      select id from tasks where project_id = ${project.id} and step_run_id is null`
    expect(tasks.map(({ id }) => Number(id)).sort()).toEqual([...made].sort())
    expect(new Set(made).size).toBe(made.length)
    const moves = await sql<Json[]>`
      select causation_id, count(*)::int as times from events
      where type = 'task.status_changed' and protocol_run_id = ${run.id} group by 1`
    expect(moves).toHaveLength(2 * steps.length)
    expect(moves.filter(({ times }) => times !== 1)).toEqual([])
    const undone = await sql`
      select id from tasks where protocol_run_id = ${run.id} and board_status <> 'done'`
    expect(undone).toEqual([])
    expect((await api.get(`/sprints/${sprint.id}`)).body.velocity_actual).toBe(steps.length)

    // The streams that were open go on by themselves, and missed nothing.
    await api.caughtUp()
    const told = await sql<Json[]>`
      select id from events where project_id = ${project.id} and emitted_at >= (
        select min(emitted_at) from events where project_id = ${project.id} and type = 'step.started')
      order by xid, id`
    const ids = told.map(({ id }) => Number(id))
    await eventually(
      async () => stream.events.at(-1)?.event.id,
      (id) => id === ids.at(-1),
    )
    await eventually(
      async () => socket.events().at(-1)?.id,
      (id) => id === ids.at(-1),
    )
    expect(stream.ended).toBe(false)
    expect(socket.closed).toBeNull()
    const bySocket = socket.events().map(({ id }) => id)
    expect(stream.events.map(({ event }) => event.id)).toEqual(bySocket)
    expect(ids.filter((id) => !bySocket.includes(id))).toEqual([])
    expect(new Set(bySocket).size).toBe(bySocket.length)

    // And so does the process, with its ear on the new server.
    const listening = () => sql`select 1 from pg_stat_activity where query ilike 'listen%'`
    await eventually(listening, (rows) => rows.length > 0)
    expect(await listening()).not.toHaveLength(0)
    expect(running.hasEnded()).toBe(false)
    stream.close()
    socket.raw.close()
  },
)
