import { expect, test } from 'vitest'
import { renderBug } from '../../../../api/core/delegation/render-bug.ts'
import { TemplateSets } from '../../../../api/core/delegation/template-sets.ts'
import { bugsOfProject } from '../../../../api/store/bugs.ts'
import { connect } from '../../../../api/store/database.ts'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const { sql } = api.database
const agent = {
  token: (await api.post('/tokens', { name: 'ada', role: 'agent' })).body.secret as string,
}
const report = (fields: object) => api.post('/bugs', fields, agent)

test('a report is a bug in the backlog, with everything it says', async () => {
  const project = await api.project()
  const { status, body } = await report({
    title: 'Cart loses items',
    priority: 'P1',
    component: 'cart',
    effort: 'half a day',
    problem: 'Items go.\n# all of them',
    reproduction: '1. add\n2. reload',
    expected: 'They stay.',
    files: ['src/cart.ts'],
    related: ['T012'],
  })
  expect([status, body]).toEqual([
    201,
    expect.objectContaining({
      project_id: project.id,
      sprint_id: null,
      type: 'bug',
      priority: 'high',
      board_status: 'backlog',
      component: 'cart',
      acceptance_criteria: ['They stay.'],
      path: 'delegation/backlog/cart-loses-items.md',
    }),
  ])
  expect(renderBug(body, new TemplateSets([]).of('bug', 'default'))).toBe(
    [
      '# Cart loses items',
      '',
      `- **Task**: ${body.code}`,
      '- **Status**: backlog',
      `- **Created**: ${body.created_at.slice(0, 10)}`,
      '- **Priority**: P1 (high)',
      '- **Category**: bug',
      '- **Component**: cart',
      '- **Effort**: half a day',
      '',
      ...['## Problem', '', 'Items go.', '\\# all of them', ''],
      ...['## Reproduction', '', '1. add', '2. reload', ''],
      ...['## Expected', '', 'They stay.', ''],
      ...['## Files', '', '- src/cart.ts', ''],
      ...['## Related', '', '- T012', ''],
    ].join('\n'),
  )
  const told = (await api.get(`/events?entity_type=task&entity_id=${body.id}`)).body.items
  expect(told.map((it: { type: string }) => it.type)).toEqual(['task.created', 'bug.reported'])
})

test('into a sprint, whose project it takes', async () => {
  const project = await api.project()
  const sprint = await api.sprint(project.id)
  const { body } = await report({ title: 'In a sprint', sprint_id: sprint.id })
  expect(body).toMatchObject({
    project_id: project.id,
    sprint_id: sprint.id,
    board_status: 'todo',
    priority: 'medium',
  })
})

test('the same title five times at once: five tasks and five files', async () => {
  const project = await api.project()
  // One that has the name which another title would get.
  const taken = { project_id: project.id, title: 'Same title 3' }
  expect((await report(taken)).body.path).toBe('delegation/backlog/same-title-3.md')
  const made = await Promise.all(
    Array.from({ length: 5 }, () => report({ project_id: project.id, title: 'Same title!' })),
  )
  expect(made.map((it) => it.status)).toEqual([201, 201, 201, 201, 201])
  expect(made.map((it) => it.body.path.split('/').at(-1)).sort()).toEqual([
    ...['same-title-2.md', 'same-title-4.md', 'same-title-5.md', 'same-title-6.md'],
    'same-title.md',
  ])
  expect(new Set(made.map((it) => it.body.id)).size).toBe(5)
  const db = connect(api.database.url, { max: 1 })
  const bugs = await bugsOfProject(db, project.id)
  await db.end()
  expect(new Set(bugs.map((bug) => bug.path)).size).toBe(6)
})

test('titles of any kind get a file of their own below delegation/backlog', async () => {
  const project = await api.project()
  const titles = ['🐛🐛', '../../../etc/passwd', 'nul', 'a/b\\c', 'x'.repeat(10_000), '🐛']
  const paths = []
  for (const title of titles) {
    const { status, body } = await report({ project_id: project.id, title })
    expect([status, body.title]).toEqual([201, title])
    paths.push(body.path)
  }
  expect(paths).toEqual(
    ['bug', 'etc-passwd', 'bug-nul', 'a-b-c', 'x'.repeat(80), 'bug-2'].map(
      (name) => `delegation/backlog/${name}.md`,
    ),
  )
})

test('what is wrong is named with its rule, and changes nothing', async () => {
  const project = await api.project()
  const foreign = await api.project()
  const closed = await api.sprint(project.id)
  await api.post(`/sprints/${closed.id}/actions/complete`)
  await api.settled()
  const before = await sql`select max(id), (select count(*) from tasks)::int as tasks from events`
  const refused: [object, number, string, string | undefined][] = [
    [{ title: ' ' }, 422, 'schema', 'title'],
    [{ title: 'x'.repeat(10_001) }, 422, 'schema', 'title'],
    [{ priority: 'P4' }, 422, 'schema', 'priority'],
    [{ problem: 'x'.repeat(8_001) }, 422, 'schema', 'problem'],
    [{ files: [''] }, 422, 'schema', 'files.0'],
    [{ severity: 'bad' }, 422, 'schema', 'severity'],
    [{ project_id: undefined }, 422, 'which_project', 'project_id'],
    [{ project_id: 999_999 }, 404, 'exists', undefined],
    [{ sprint_id: 999_999 }, 404, 'exists', undefined],
    [{ sprint_id: closed.id }, 409, 'closed_sprint_is_read_only', undefined],
    [{ sprint_id: closed.id, project_id: foreign.id }, 409, 'same_project', undefined],
  ]
  for (const [fields, status, rule, field] of refused) {
    const { status: got, body } = await report({ project_id: project.id, title: 'Bug', ...fields })
    expect([got, body.rule, body.errors?.[0]?.field], JSON.stringify(fields)).toEqual([
      status,
      rule,
      field,
    ])
  }
  expect(await sql`select max(id), (select count(*) from tasks)::int as tasks from events`).toEqual(
    before,
  )
})
