import { expect, test } from 'vitest'
import type { Json } from '../../support/api.ts'
import { checkedApi } from '../support/checked-api.ts'

const api = await checkedApi()
const [here, elsewhere] = [await api.project(), await api.project()]
const sprint = await api.sprint(here.id)
const foreign = await api.sprint(elsewhere.id)
const [first, second] = [await api.task(here.id), await api.task(here.id)]
const foreignTask = await api.task(elsewhere.id)
await api.post(`/tasks/${second.id}/dependencies`, { depends_on_id: first.id })
await api.settled()

const tooLarge = '9223372036854775808'
const task = { project_id: here.id, title: 'T' }
const sprintOf = (fields: object) => ({ project_id: here.id, name: 'S', ...fields })

type Bad = [what: string, method: string, path: string, body: unknown, told: Json]
const schema = (field: string) => ({ status: 422, rule: 'schema', errors: [{ field }] })

test.each<Bad>([
  [
    'an id that is not there',
    'PATCH',
    '/tasks/987654321',
    { title: 'x' },
    { status: 404, rule: 'exists' },
  ],
  [
    'an id in the body that is not there',
    'POST',
    '/tasks',
    { ...task, project_id: 987654321 },
    { status: 404, rule: 'exists' },
  ],
  [
    'an id of another project',
    'PATCH',
    `/tasks/${first.id}`,
    { sprint_id: foreign.id },
    { status: 409, rule: 'same_project' },
  ],
  [
    'a dependency on another project',
    'POST',
    `/tasks/${first.id}/dependencies`,
    { depends_on_id: foreignTask.id },
    { status: 409, rule: 'same_project' },
  ],
  ['2^63 in a path', 'PATCH', `/sprints/${tooLarge}`, { name: 'x' }, schema('sprint_id')],
  [
    '2^63 in a body',
    'POST',
    '/tasks',
    `{"project_id":${tooLarge},"title":"T"}`,
    schema('project_id'),
  ],
  ['2^63 in a query', 'GET', `/tasks?sprint_id=${tooLarge}`, undefined, schema('sprint_id')],
  [
    'a sprint that ends before it begins',
    'POST',
    '/sprints',
    sprintOf({ start_date: '2026-02-02', end_date: '2026-02-01' }),
    { status: 422, rule: 'sprint_ends_after_it_starts', errors: [{ field: 'end_date' }] },
  ],
  [
    'a day that is none',
    'POST',
    '/sprints',
    sprintOf({ start_date: '2026-02-30' }),
    schema('start_date'),
  ],
  [
    'a circle of dependencies',
    'POST',
    `/tasks/${first.id}/dependencies`,
    { depends_on_id: second.id },
    { status: 409, rule: 'no_dependency_cycle' },
  ],
  [
    'a task that depends on itself',
    'POST',
    `/tasks/${first.id}/dependencies`,
    { depends_on_id: first.id },
    { status: 422, rule: 'no_self_dependency', errors: [{ field: 'depends_on_id' }] },
  ],
  [
    'a plan whose steps wait for each other',
    'POST',
    '/protocols',
    {
      project_id: here.id,
      protocol_name: 'R',
      steps: [
        { step_name: 'a', depends_on: ['b'] },
        { step_name: 'b', depends_on: ['a'] },
      ],
    },
    { status: 422 },
  ],
  [
    'an unknown value of an enumeration',
    'PATCH',
    `/tasks/${first.id}`,
    { board_status: 'finished' },
    schema('board_status'),
  ],
  ['an unknown value in a query', 'GET', '/sprints?status=finished', undefined, schema('status')],
  [
    'a search for nothing',
    'GET',
    '/tasks?q=',
    undefined,
    { status: 422, errors: [{ field: 'q', message: 'must have at least 1 character' }] },
  ],
  ['text with NUL', 'PATCH', `/tasks/${first.id}`, { title: 'a\u0000b' }, schema('title')],
  [
    'half a surrogate pair',
    'PATCH',
    `/tasks/${first.id}`,
    '{"description":"\\ud800"}',
    schema('description'),
  ],
  ...[
    ['name', 'x'.repeat(501), 'must have at most 500 characters'],
    ['velocity_planned', 1.5, 'must be a whole number'],
    ['velocity_planned', -1, 'must be at least 0'],
    ['velocity_planned', '1', 'must be a number'],
  ].map(([field, value, message]): Bad => {
    const told = { status: 422, errors: [{ field, message }] } as Bad[4]
    return [`${field}: ${message}`, 'PATCH', `/sprints/${sprint.id}`, { [`${field}`]: value }, told]
  }),
  [
    'a field that is not known',
    'PATCH',
    `/sprints/${sprint.id}`,
    { colour: 'red' },
    schema('colour'),
  ],
  [
    'a body of more than 10 MB',
    'PATCH',
    `/sprints/${sprint.id}`,
    { goal: 'x'.repeat(10_500_000) },
    { status: 413, rule: 'body_size' },
  ],
  ...[
    'https://somebody:secret@example.com/x.git',
    'https://ghp_secret@example.com/x.git',
    'ssh://git:secret@example.com/x.git',
  ].map((repo_url): Bad => {
    const what = `a secret in an address (${repo_url})`
    return [what, 'PATCH', `/projects/${here.id}`, { repo_url }, schema('repo_url')]
  }),
  [
    'a body that is no JSON',
    'PATCH',
    `/sprints/${sprint.id}`,
    '{"goal":',
    { status: 400, rule: 'json' },
  ],
])('%s is refused by name, and nothing has changed', async (_, method, path, body, told) => {
  const before = await state()
  const answer = await api.request(method, path, body)
  expect(answer.body).toMatchObject(told)
  expect(answer.body.detail).toMatch(/\w/)
  expect(await state()).toEqual(before)
})

/** Every event, and when each row was changed last. */
async function state(): Promise<Json> {
  const [row] = await api.database.sql`
    select (select max(id) from events) as event, (select count(*) from task_dependencies) as edges,
      (select count(*) from protocol_runs) as runs, (select max(updated_at) from sprints) as sprints,
      (select max(updated_at) from tasks) as tasks, (select count(*) from sprints) as sprint_count`
  return { ...row }
}
