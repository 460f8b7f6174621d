import { afterAll, expect, test } from 'vitest'
import { adrPath, renderAdr } from '../../../../api/core/delegation/render-adr.ts'
import { TemplateSets } from '../../../../api/core/delegation/template-sets.ts'
import type { Json } from '../../../support/api.ts'
import { checkedApi, checkedClient } from '../../support/checked-api.ts'
import { secondProcess } from '../../support/second-process.ts'

const api = await checkedApi()
const { sql } = api.database
const second = await secondProcess(api, undefined)
afterAll(() => second.close())
const other = checkedClient(second.url, api.adminToken, api.database)

const create = (project: Json, fields: object) =>
  api.post('/adrs', { project_id: project.id, title: 'A decision', ...fields })
const pathOf = (project: Json, number: number) => `/projects/${project.id}/adrs/${number}`
const statusOf = async (project: Json, number: number) => {
  const { status, supersedes, superseded_by } = (await api.get(pathOf(project, number))).body
  return { status, supersedes, superseded_by }
}

test('the only project there is need not be named, several must be', async () => {
  const only = await api.project({ slug: 'only' })
  const made = await api.post('/adrs', { title: 'ADR-006: Use Event Sourcing' })
  expect(made).toMatchObject({
    status: 201,
    body: {
      project_id: only.id,
      number: 1,
      title: 'Use Event Sourcing',
      status: 'proposed',
      date: new Date().toISOString().slice(0, 10),
      path: 'docs/adr/ADR-001-use-event-sourcing.md',
    },
  })
  await api.project({ slug: 'second' })
  expect(await api.post('/adrs', { title: 'Which?' })).toMatchObject({
    status: 422,
    body: { rule: 'which_project', detail: 'project_id: say which project: only, second' },
  })
})

test('numbers have no gap, from two processes at once, whichever attempts fail', async () => {
  const project = await api.project()
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) => {
      // Every sixth takes a number, then names a record that is not there.
      const supersedes = n % 6 === 5 ? [999] : []
      const body = { project_id: project.id, title: `Decision ${n}`, supersedes }
      return (n % 2 === 0 ? api : other).post('/adrs', body)
    }),
  )
  const made = answers.filter((it) => it.status === 201).map((it) => it.body.number)
  expect(made.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1))
  expect(answers.filter((it) => it.status === 422)).toHaveLength(10)
  const pages = [await api.get(`/projects/${project.id}/adrs?limit=30`)]
  const cursor = pages[0]?.body.next_cursor
  pages.push(await api.get(`/projects/${project.id}/adrs?limit=30&cursor=${cursor}`))
  const listed = pages.flatMap((it) => it.body.items.map((adr: Json) => adr.number))
  expect(listed).toEqual(Array.from({ length: 50 }, (_, n) => n + 1))
  const beyond = await api.get(`/projects/${project.id}/adrs?cursor=999999999999999`)
  expect(beyond.body.items).toEqual([])
})

test('a decision takes the place of earlier ones, which says so on both sides', async () => {
  const project = await api.project()
  for (const status of ['accepted', 'proposed']) await create(project, { status })
  const third = (await create(project, { supersedes: [2, 1, 2], status: 'accepted' })).body
  expect(third.supersedes).toEqual([1, 2])
  expect(await statusOf(project, 1)).toEqual({
    status: 'superseded',
    supersedes: [],
    superseded_by: 3,
  })
  expect(await create(project, { supersedes: [1] })).toMatchObject({
    status: 422,
    body: { rule: 'superseded_once', errors: [{ field: 'supersedes' }] },
  })
  expect(await api.patch(pathOf(project, 3), { status: 'rejected' })).toMatchObject({
    status: 409,
    body: { rule: 'rejected_supersedes_nothing' },
  })

  // Another status frees it.
  await api.patch(pathOf(project, 1), { status: 'deprecated' })
  expect(await statusOf(project, 1)).toMatchObject({ status: 'deprecated', superseded_by: null })
  expect((await statusOf(project, 3)).supersedes).toEqual([2])
  await api.patch(pathOf(project, 1), { superseded_by: 3 })
  expect((await statusOf(project, 3)).supersedes).toEqual([1, 2])

  const told = (await api.get(`/events?type=adr.*&project_id=${project.id}`)).body.items
  expect(told.map((it: Json) => it.type)).toEqual([
    ...['adr.created', 'adr.created', 'adr.created', 'adr.superseded', 'adr.superseded'],
    ...['adr.updated', 'adr.superseded'],
  ])
})

test('the database refuses a successor that is earlier, itself, or of another project', async () => {
  const project = await api.project()
  await create(project, {})
  await create(project, {})
  const broken = (values: string) =>
    sql.unsafe(`update adrs set ${values} where project_id = ${project.id} and number = 2`).then(
      () => 'taken',
      (error) => error.constraint_name,
    )
  expect(await broken(`status = 'superseded', superseded_by = 1`)).toBe('superseded_by_a_later_one')
  expect(await broken(`status = 'superseded', superseded_by = 2`)).toBe('superseded_by_a_later_one')
  expect(await broken(`status = 'superseded', superseded_by = 9`)).toBe(
    'superseded_by_one_of_its_project',
  )
  expect(await broken(`status = 'superseded'`)).toBe('superseded_names_its_successor')
  expect(await broken('number = 1')).toBe('one_adr_per_number')
})

test('what is wrong is named with its rule, and changes nothing', async () => {
  const project = await api.project()
  const foreign = await api.project()
  const theirs = await api.task(foreign.id)
  await create(project, {})
  await create(project, { status: 'rejected' })
  const before = await sql`select count(*)::int, max(id) from events`
  const refused: [object, number, string, string | undefined][] = [
    [{ title: '   ' }, 422, 'schema', 'title'],
    [{ title: 'ADR-006:' }, 422, 'schema', 'title'],
    [{ title: 'x'.repeat(10_001) }, 422, 'schema', 'title'],
    [{ status: 'superseded' }, 422, 'schema', 'status'],
    [{ date: '31.1.2026' }, 422, 'schema', 'date'],
    [{ supersedes: [0] }, 422, 'schema', 'supersedes.0'],
    [{ supersedes: [7] }, 422, 'exists', 'supersedes'],
    [{ supersedes: [3] }, 422, 'earlier', 'supersedes'],
    [{ supersedes: [1], status: 'rejected' }, 422, 'rejected_supersedes_nothing', 'supersedes'],
    [{ task_id: theirs.id }, 409, 'same_project', undefined],
    [{ sprint_id: 999_999 }, 404, 'exists', undefined],
    [{ project_id: 999_999 }, 404, 'exists', undefined],
  ]
  for (const [fields, status, rule, field] of refused) {
    const { status: got, body } = await create(project, fields)
    expect([got, body.rule, body.errors?.[0]?.field], JSON.stringify(fields)).toEqual([
      status,
      rule,
      field,
    ])
  }
  const changes: [object, string, string][] = [
    [{ status: 'superseded' }, 'superseded_names_its_successor', 'superseded_by'],
    [{ status: 'accepted', superseded_by: 2 }, 'superseded_names_its_successor', 'status'],
    [{ superseded_by: 1 }, 'superseded_by_a_later_one', 'superseded_by'],
    [{ superseded_by: 9 }, 'exists', 'superseded_by'],
    [{ superseded_by: 2 }, 'rejected_supersedes_nothing', 'superseded_by'],
  ]
  for (const [fields, rule, field] of changes) {
    expect(await api.patch(pathOf(project, 1), fields), JSON.stringify(fields)).toMatchObject({
      status: 422,
      body: { rule, errors: [{ field }] },
    })
  }
  expect((await api.get(pathOf(project, 3))).status).toBe(404)
  expect(await sql`select count(*)::int, max(id) from events`).toEqual(before)
  expect((await create(project, {})).body.number).toBe(3)
})

test('any title makes a file name that every system takes, and stays in its line', async () => {
  const project = await api.project()
  const made = await create(project, { title: '😀', context: 'So\n\n# it\n\n```\n# is\n' })
  const { path, ...adr } = made.body
  expect(adrPath(adr)).toBe(path)
  expect(path).toBe('docs/adr/ADR-001-decision.md')
  const template = new TemplateSets([]).of('adr', 'default')
  expect(renderAdr(adr, template)).toContain('So\n\n\\# it\n\n```\n# is\n```\n')
  const pathFor = (title: string) => adrPath({ ...adr, title })
  expect(pathFor('../../etc/passwd')).toBe('docs/adr/ADR-001-etc-passwd.md')
  expect(pathFor('Größe – 決定 №5')).toBe('docs/adr/ADR-001-größe-決定-no5.md')
  expect(pathFor('CON')).toBe('docs/adr/ADR-001-decision-con.md')
  for (const letter of ['a', 'a ', '決', '𝒳', '😀']) {
    const long = pathFor(letter.repeat(5000))
    expect(Buffer.byteLength(long.split('/').at(-1) ?? '')).toBeLessThan(120)
    expect(long).toMatch(/^docs\/adr\/ADR-001-[\p{L}\p{M}\p{N}-]+\.md$/u)
    expect(long.isWellFormed()).toBe(true)
  }
  expect(renderAdr({ ...adr, title: 'Two\n# lines' }, template)).toMatch(
    /^# ADR-001: Two # lines\n\n- /,
  )
})
