import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { gateOf } from './support/gate.ts'
import { Repository } from './support/repository.ts'

const api = await checkedApi()
const gate = await gateOf(api.database)
let count = 0

async function begun() {
  const n = ++count
  const project = await api.project({ slug: `shop-${n}`, settings: { delegation: 'two_way' } })
  const sprint = await api.sprint(project.id, { code: `s-${n}` })
  const task = await api.task(project.id, { sprint_id: sprint.id, code: `T-${n}`, title: 'Pay' })
  const repository = new Repository(api, project)
  await repository.sync()
  const path = `delegation/sprints/s-${n}/T-${n}/TASK.md`
  const title = async () => (await api.get(`/tasks/${task.id}`)).body.title
  const conflicts = async () => (await api.get(`/conflicts?project_id=${project.id}`)).body.items
  return { project, sprint, task, repository, path, title, conflicts }
}

/** The same with a title that file and board have changed differently. */
async function clashing() {
  const it = await begun()
  it.repository.replace(it.path, '# Pay', '# Pay twice')
  await api.patch(`/tasks/${it.task.id}`, { title: 'Pay later' })
  await it.repository.sync()
  const [conflict] = await it.conflicts()
  const resolve = (side: string) => api.post(`/conflicts/${conflict.id}/actions/resolve`, { side })
  return { ...it, resolve }
}

/** A sync that has read and made everything, and goes on after `change`. */
async function syncedDuring(
  { repository }: { repository: Repository },
  change: () => Promise<Json>,
) {
  const { status, body } = await gate.during(() => repository.ask('sync'), change)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

test('of two syncs at once the later one begins with what the first one left', async () => {
  const it = await begun()
  it.repository.replace(it.path, '# Pay', '# Pay twice')
  const ask = () => it.repository.ask('sync')
  const both = await gate.during(
    () => Promise.all([ask(), ask()]),
    () => api.patch(`/tasks/${it.task.id}`, { type: 'bug' }),
    { syncs: 2 },
  )
  expect(both.map(({ body }) => body.applied.fields).sort()).toEqual([0, 1])
  for (const { body } of both) {
    const written = body.writes.find(({ path }: { path: string }) => path === it.path)
    expect(written.text).toMatch(/# Pay twice\n[\s\S]*\*\*Type\*\*: bug\n/)
  }
  expect(await it.conflicts()).toEqual([])
})

test('an edit of a file meets what the board has changed since the files were looked at', async () => {
  const it = await begun()
  it.repository.replace(it.path, '# Pay', '# Pay twice')
  const answer = await syncedDuring(it, () =>
    api.patch(`/tasks/${it.task.id}`, { title: 'Pay later' }),
  )
  expect(answer).toMatchObject({
    applied: { fields: 0 },
    conflicts: [{ field: 'title', base: 'Pay', database: 'Pay later', file: 'Pay twice' }],
  })
})

for (const [side, title] of [
  ['board', 'Pay later'],
  ['other', 'Pay twice'],
] as const) {
  test(`a conflict that is resolved (${side}) while a sync runs stays so`, async () => {
    const it = await clashing()
    const answer = await syncedDuring(it, async () =>
      expect((await it.resolve(side)).status).toBe(200),
    )
    expect(answer.conflicts).toEqual([])
    expect(await it.conflicts()).toEqual([])
    await it.repository.confirm(it.repository.write(answer))
    expect(await it.repository.sync()).toMatchObject({ conflicts: [], applied: { fields: 0 } })
    expect(await it.title()).toBe(title)
    expect(it.repository.text(it.path)).toContain(`# ${title}\n`)
  })
}

test('a project that is told to keep no files, or to show them alone, while a sync runs has no edit taken', async () => {
  for (const delegation of ['off', 'read_only']) {
    const it = await begun()
    it.repository.replace(it.path, '# Pay', '# Pay twice')
    const { status, body } = await gate.during(
      () => it.repository.ask('sync'),
      () => api.patch(`/projects/${it.project.id}`, { settings: { delegation } }),
    )
    expect(await it.title()).toBe('Pay')
    if (delegation === 'off') expect([status, body.rule]).toEqual([409, 'delegation_is_off'])
    else
      expect(body.conflicts).toMatchObject([
        { path: it.path, file: expect.stringContaining('# Pay twice\n') },
      ])
  }
})

test('an edit of a task whose sprint ends, or that is archived, while a sync runs is not taken', async () => {
  const ended = await begun()
  await api.patch(`/tasks/${ended.task.id}`, { board_status: 'done' })
  await ended.repository.sync()
  ended.repository.replace(ended.path, '# Pay', '# Pay twice')
  const complete = () => api.post(`/sprints/${ended.sprint.id}/actions/complete`)
  expect(await syncedDuring(ended, complete)).toMatchObject({
    conflicts: [{ field: 'title', database: 'Pay', file: 'Pay twice' }],
    problems: [{ path: ended.path, message: expect.stringContaining('read-only') }],
  })
  for (const path of ['sprints', 'tasks'] as const) {
    const it = await begun()
    it.repository.replace(it.path, '# Pay', '# Pay twice')
    const of = path === 'tasks' ? it.task : it.sprint
    const { problems } = await syncedDuring(it, () => api.delete(`/${path}/${of.id}`))
    expect(problems).toMatchObject([
      { path: it.path, message: expect.stringContaining('not taken') },
    ])
    expect(await it.title()).toBe('Pay')
  }
})

/** A sync that has taken the edit of a title, and has made the files that are to follow. */
async function takenThen(it: Awaited<ReturnType<typeof begun>>, between: () => Promise<unknown>) {
  it.repository.replace(it.path, '# Pay', '# Pay twice')
  const { round } = (await api.get(`/projects/${it.project.id}/delegation`)).body
  const asked = { ...it.repository.read(), expected_round: round }
  const titles: string[] = []
  const note = async () => titles.push(await it.title())
  const answer = await gate.during(() => it.repository.ask('sync', asked), note, {
    between: async () => {
      await note()
      await between()
    },
  })
  expect(titles).toEqual(['Pay', 'Pay twice'])
  return answer
}

test('who changes a task whose edit was taken waits for no file to be made, and is not overruled', async () => {
  const it = await begun()
  const later = () => api.patch(`/tasks/${it.task.id}`, { title: 'Pay later' })
  const { status, body } = await takenThen(it, later)
  expect(status).toBe(200)
  expect(body).toMatchObject({ applied: { tasks: 1, fields: 1 }, conflicts: [] })
  await it.repository.confirm(it.repository.write(body))
  expect(await it.repository.sync()).toMatchObject({ applied: { fields: 0 }, conflicts: [] })
  expect(await it.title()).toBe('Pay later')
  expect(it.repository.text(it.path)).toContain('# Pay later\n')
})

test('of a sync that breaks off behind the edits it took, the next one knows which they were', async () => {
  const it = await begun()
  const { body } = await takenThen(it, () =>
    api.patch(`/projects/${it.project.id}`, { settings: { delegation: 'off' } }),
  )
  expect(body.rule).toBe('delegation_is_off')
  await api.patch(`/projects/${it.project.id}`, { settings: { delegation: 'two_way' } })
  await api.patch(`/tasks/${it.task.id}`, { title: 'Pay later' })
  expect(await it.repository.sync()).toMatchObject({ applied: { fields: 0 }, conflicts: [] })
  expect(it.repository.text(it.path)).toContain('# Pay later\n')
})

test('a sync that is overtaken behind the edits it took tells of them, and writes nothing', async () => {
  const it = await begun()
  const { status, body } = await takenThen(it, () => {
    const { sql } = api.database
    return sql`update delegation_syncs set round = round + 1 where project_id = ${it.project.id}`
  })
  expect(status).toBe(200)
  expect(body).toMatchObject({ applied: { tasks: 1, fields: 1 }, writes: [], overtaken: true })
  expect(await it.repository.sync()).toMatchObject({ applied: { fields: 0 }, overtaken: false })
  expect(it.repository.text(it.path)).toContain('# Pay twice\n')
})

test('a text that the database alone writes stays in conflict beside an edit that is taken', async () => {
  const it = await begun()
  it.repository.replace(it.path, '# Pay', '# Pay twice')
  it.repository.edit(it.path, (text) => text.replace(/(## Revision\n\n).*/, '$1of my own'))
  const answer = await it.repository.sync()
  expect(answer.applied.fields).toBe(1)
  expect(answer.conflicts).toMatchObject([{ file: 'of my own' }])
  expect(await it.conflicts()).toMatchObject([{ other_value: 'of my own' }])
})

test('a sync that is repeated by its key takes nothing of its old files', async () => {
  const it = await begun()
  const keyed = (body: object) =>
    api.post(`/projects/${it.project.id}/delegation/sync`, body, {
      headers: { 'Idempotency-Key': 'once' },
    })
  const old = it.repository.read()
  const first = await keyed(old)
  it.repository.replace(it.path, '# Pay', '# Pay twice')
  await it.repository.sync()
  expect((await keyed(old)).body).toEqual(first.body)
  expect(await it.title()).toBe('Pay twice')
})

test('edits of many tasks are taken in lots, each of which ends before the next begins', async () => {
  const project = await api.project({ slug: 'many', settings: { delegation: 'two_way' } })
  const tasks = Array.from({ length: 105 }, (_, it) => ({ code: `M-${it}`, title: `Task ${it}` }))
  await api.post('/sprints/from-template', {
    ...{ project_id: project.id, code: 'many', name: 'Sprint', tasks },
  })
  const repository = new Repository(api, project)
  await repository.sync()
  for (const { code } of tasks) {
    repository.replace(`delegation/sprints/many/${code}/TASK.md`, '# Task', '# Done')
  }
  const answer = await repository.sync()
  expect(answer).toMatchObject({ applied: { tasks: 105, fields: 105, files: 105 }, problems: [] })
  const lots = await api.database.sql`
    select count(*)::int as tasks from events
    where project_id = ${project.id} and type = 'file.synced'
      and payload ->> 'direction' = 'to_database'
    group by xid order by xid`
  expect(lots).toEqual([{ tasks: 100 }, { tasks: 5 }])
})
