import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ArchivePoint } from '../../../../api/services/event/archive.ts'
import type { Json } from '../../../support/api.ts'
import { bundleProgram, runProgram } from '../../../support/program.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { openSocket, openStream } from '../../support/streams.ts'

const api = await checkedApi()
const { sql, url } = api.database
let folder = ''
let program = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devgodzilla-archive-'))
  program = await bundleProgram('archive-month', folder)
})
afterAll(() => rm(folder, { recursive: true }))

const archive = async (fields: object = {}) =>
  api.post('/events/actions/archive', { before: '2025-07-01', to: folder, ...fields })
const archiveAll = async (fields: object = {}) => {
  for (;;) {
    const { status, body } = await archive(fields)
    expect(status, JSON.stringify(body)).toBe(200)
    if (!body.months.some((it: Json) => it.state === 'waiting')) return body
  }
}
const linesOf = async (month: string): Promise<Json[]> =>
  gunzipSync(await readFile(join(folder, `events-${month}.jsonl.gz`)))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
const ids = async () =>
  (await sql`select id from events order by xid, id`).map((it) => Number(it.id))
const facts = () => sql<Json[]>`select * from chart_events order by id`

/** A sprint with cards that moved, all of it told as of a month of the past. */
async function history(month: string) {
  const project = await api.project()
  const sprint = await api.sprint(project.id)
  const tasks: Json[] = []
  for (const story_points of [1, 2, 3]) {
    tasks.push(await api.task(project.id, { sprint_id: sprint.id, story_points }))
  }
  await api.post(`/sprints/${sprint.id}/actions/start`)
  await api.patch(`/tasks/${tasks[0].id}`, { board_status: 'done', title: 'Told once' })
  await api.settled()
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`
      update events set emitted_at = ${`${month}-10T12:00:00Z`}::timestamptz + id * interval '1 second'
      where project_id = ${project.id}`
  })
  await api.caughtUp()
  return { project, sprint, tasks }
}

test('whole months move to files that hold every event, and nothing that is read changes', async () => {
  const { project, sprint, tasks } = await history('2025-03')
  await history('2025-04')
  const young = await api.project()
  const [all, charted] = [await ids(), await facts()]
  const charts = () =>
    Promise.all(
      [
        ...['velocity', 'burndown', 'burnup', 'flow'].map((it) => `/sprints/${sprint.id}/${it}`),
        ...['velocity', 'flow'].map((it) => `/projects/${project.id}/${it}`),
      ].map(async (path) => {
        const asked = new Date().toISOString()
        const { status, body } = await api.get(path)
        expect(status, path).toBe(200)
        // A chart of a running sprint ends now.
        return JSON.parse(JSON.stringify(body), (key, value) =>
          key === 'at' && value >= asked ? 'now' : value,
        )
      }),
    )
  const drawn = await charts()
  const told: Json[] = (await api.get(`/events?project_id=${project.id}&limit=1000`)).body.items

  const plan = (await archive({ dry_run: true })).body
  expect(plan).toMatchObject({ before: '2025-07-01T00:00:00.000Z', folder })
  expect(plan.months.map((it: Json) => [it.month, it.state])).toEqual([
    ['2025-03', 'waiting'],
    ['2025-04', 'waiting'],
  ])
  expect(await ids()).toEqual(all)

  const first = (await archive()).body
  expect(first.months).toMatchObject([
    { month: '2025-03', state: 'archived', file: join(folder, 'events-2025-03.jsonl.gz') },
    { month: '2025-04', state: 'waiting' },
  ])
  await archiveAll()
  const lines = [...(await linesOf('2025-03')), ...(await linesOf('2025-04'))]
  const left = await ids()
  expect([...lines.map((it) => it.id), ...left].sort((a, b) => a - b)).toEqual(
    [...all, ...left.filter((id) => !all.includes(id))].sort((a, b) => a - b),
  )
  const archived = (await linesOf('2025-03')).filter((it) => it.project_id === project.id)
  for (const event of told) {
    const { level: _, emitted_at, ...kept } = event
    const line = archived.find((it) => it.id === event.id)
    expect(line).toMatchObject(kept)
    expect(Date.parse(line.emitted_at)).toBe(Date.parse(emitted_at))
  }

  const archives: Json[] = (await api.get('/events/archives')).body.items
  expect(archives.map((it) => it.month)).toEqual(['2025-03', '2025-04'])
  for (const { file, sha256, bytes, finished_at } of archives) {
    const content = await readFile(file)
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256)
    expect(content.length).toBe(bytes)
    expect(finished_at).not.toBeNull()
  }
  expect((await api.get('/events?type=events.archived')).body.items).toMatchObject([
    { payload: { month: '2025-03', sha256: archives[0]?.sha256 } },
    { payload: { month: '2025-04' } },
  ])

  expect(await facts()).toEqual(charted)
  expect(await charts()).toEqual(drawn)
  expect((await api.get(`/events?project_id=${young.id}`)).body).toMatchObject({
    items: [{ type: 'project.created' }],
    archived_until: '2025-05-01T00:00:00.000Z',
  })
  // What was committed at the start is still known when the sprint ends.
  const { body } = await api.post(`/sprints/${sprint.id}/actions/complete`)
  expect(body.report).toMatchObject({ committed_points: 6, completed_points: 1 })
  expect((await api.get(`/tasks/${tasks[1].id}`)).body.sprint_id).toBeNull()
})

test('reading on from a place before archived events says so, with the file and the way out', async () => {
  await history('2025-05')
  const [event] = await sql<Json[]>`
    select id::int, xid || '-' || id as cursor from events where emitted_at < '2025-06-01'
    order by xid, id limit 1`
  await archiveAll()
  const gone = {
    status: 410,
    code: 'gone',
    rule: 'events_archived',
    detail: expect.stringMatching(/events-2025-05\.jsonl\.gz.*with the cursor \d+-\d+~2025-05/),
  }
  expect((await api.get(`/events?cursor=${event.cursor}`)).body).toMatchObject(gone)
  expect((await api.get(`/events?cursor=${event.cursor}&order=desc`)).body).toMatchObject(gone)
  expect((await api.get('/events?since=2025-05-20')).body).toMatchObject({
    status: 410,
    detail: expect.stringContaining('since=2025-06-01T00:00:00.000Z'),
  })
  expect((await api.get('/events?since=2025-06-01')).status).toBe(200)
  expect((await api.get('/events')).status).toBe(200)
  const authorised = { Authorization: `Bearer ${api.adminToken}` }
  const stream = await openStream(`${api.url}/events/stream?after=${event.cursor}`, authorised)
  expect(stream.status).toBe(410)
  const socket = await openSocket(`${api.url}/ws`, authorised)
  socket.send({ type: 'subscribe', rooms: ['sprint:1'], after: event.cursor })
  await socket.until((messages) => messages.some((it) => it.type === 'error'))
  expect(socket.messages).toMatchObject([{ rule: 'events_archived' }])
  socket.raw.close()

  const left = await ids()
  const onwards: Json[] = []
  let cursor: string | null = `${event.cursor}~2025-05`
  while (cursor !== null) {
    const page: Json = (await api.get(`/events?limit=3&cursor=${cursor}`)).body
    onwards.push(...page.items.map((it: Json) => it.id))
    cursor = page.next_cursor
  }
  expect(onwards).toEqual(left.filter((id) => id > event.id))
  const resumed = await openStream(
    `${api.url}/events/stream?after=${event.cursor}~2025-05`,
    authorised,
  )
  await resumed.until(onwards.length)
  expect(resumed.events.map((it) => it.event.id)).toEqual(onwards)
  resumed.close()
})

test('a month with unsettled work stays, and says why', async () => {
  await history('2025-06')
  const [event] = await sql<Json[]>`select id from events where emitted_at < '2025-07-01' limit 1`
  await sql`
    insert into event_deliveries (event_id, handler, order_key, parked_at)
    values (${event.id}, 'step_to_task', 'step_to_task:0', now())`
  const before = await ids()
  expect((await archive()).body.months).toMatchObject([
    { month: '2025-06', state: 'held', reason: expect.stringContaining('1 deliveries') },
  ])
  expect(await ids()).toEqual(before)
  await sql`delete from event_deliveries where event_id = ${event.id}`
  expect((await archive()).body.months).toMatchObject([{ month: '2025-06', state: 'archived' }])
})

const points: ArchivePoint[] = ['written', 'named', 'recorded', 'removing', 'removed']
test.each(points.map((dieAt, at) => [dieAt, `2024-0${at + 1}`] as const))(
  'killed when a file is %s, the next call loses nothing and doubles nothing',
  async (dieAt, month) => {
    await history(month)
    const [all, charted] = [await ids(), await facts()]
    const options = JSON.stringify({ databaseUrl: url, month, folder, dieAt })
    await runProgram(program, [options]).finish()
    expect(await facts()).toEqual(charted)
    const after = await ids()
    const [begun] = await sql`select * from archived_months where month = ${month}`
    const recorded = !['written', 'named'].includes(dieAt)
    expect(begun !== undefined).toBe(recorded)
    if (recorded) expect(begun?.finished_at).toBeNull()
    else expect(after).toEqual(all)
    expect(existsSync(join(folder, `events-${month}.jsonl.gz`))).toBe(dieAt !== 'written')
    if (dieAt === 'removing') expect(after.length).toBeLessThan(all.length)

    await archiveAll()
    const moved = (await linesOf(month)).map((it) => it.id)
    const left = (await ids()).filter((id) => all.includes(id))
    expect([...moved, ...left].sort((a, b) => a - b)).toEqual(all.toSorted((a, b) => a - b))
    expect(await facts()).toEqual(charted)
    const [kept] = await sql`select * from archived_months where month = ${month}`
    expect(kept?.removed).toBe(kept?.events)
    expect(Number(kept?.events)).toBe(moved.length)
  },
)

test('no event leaves the table before its file was recorded, or where the file has changed', async () => {
  await history('2024-08')
  await expect(sql`delete from events where emitted_at < '2024-09-01'`).rejects.toThrow(
    'append-only',
  )
  await expect(sql`update events set actor = 'nobody'`).rejects.toThrow('append-only')
  await expect(sql`truncate events cascade`).rejects.toThrow('append-only')

  const options = { databaseUrl: url, month: '2024-08', folder, dieAt: 'recorded' }
  await runProgram(program, [JSON.stringify(options)]).finish()
  const before = await ids()
  const file = join(folder, 'events-2024-08.jsonl.gz')
  const whole = await readFile(file)
  await appendFile(file, 'x')
  expect((await archive()).body).toMatchObject({ status: 409, rule: 'archive_file_intact' })
  await rm(file)
  expect((await archive()).body).toMatchObject({ status: 409, rule: 'archive_file_intact' })
  expect(await ids()).toEqual(before)
  // Others than those of the month under way stay even so.
  await expect(sql`delete from events`).rejects.toThrow('append-only')
  await writeFile(file, whole)
  await archiveAll()
  expect(await sql`select from events where emitted_at < '2024-09-01'`).toHaveLength(0)
})

test('a file of another installation is not overwritten', async () => {
  await history('2024-07')
  const file = join(folder, 'events-2024-07.jsonl.gz')
  for (const foreign of [gzipSync('{"id": 1}\n'), Buffer.from('no gzip')]) {
    await writeFile(file, foreign)
    expect((await archive()).body).toMatchObject({ status: 409, rule: 'archive_file_is_free' })
    expect(await readFile(file)).toEqual(foreign)
  }
  expect(await sql`select from events where emitted_at < '2024-08-01'`).not.toHaveLength(0)
  await rm(file)
  await archiveAll()
  expect(await sql`select from events where emitted_at < '2024-08-01'`).toHaveLength(0)
})

test('young events, relative folders and everybody but an admin are refused', async () => {
  const lately = new Date(Date.now() - 20 * 24 * 60 * 60 * 1000).toISOString()
  expect((await archive({ before: lately })).body).toMatchObject({
    status: 422,
    rule: 'young_events_stay',
  })
  expect((await archive({ to: 'here' })).body.errors[0].field).toBe('to')
  expect((await archive({ to: undefined })).body.rule).toBe('archive_folder')
  const { secret } = (await api.post('/tokens', { name: 'm', role: 'member' })).body
  const answer = await api.post('/events/actions/archive', {}, { token: secret })
  expect(answer.status).toBe(403)
})
