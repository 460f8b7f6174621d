import { expect, test } from 'vitest'
import type { Json } from '../../support/api.ts'
import { checkedApi } from '../support/checked-api.ts'

const api = await checkedApi()
const project = await api.project()
const name = '=HYPERLINK("http://evil.example"),x'
const sprint = await api.sprint(project.id, { name })
const task = await api.task(project.id, { sprint_id: sprint.id, story_points: 3 })
await api.post(`/sprints/${sprint.id}/actions/start`)
await api.patch(`/tasks/${task.id}`, { story_points: 2 })
await api.post(`/sprints/${sprint.id}/actions/complete`)

async function ask(path: string, accept?: string) {
  const headers: Record<string, string> = { Authorization: `Bearer ${api.adminToken}` }
  if (accept !== undefined) headers.Accept = accept
  const response = await fetch(api.url + path, { headers })
  return { type: response.headers.get('Content-Type'), text: await response.text() }
}
const csvType = 'text/csv; charset=utf-8'

test('a chart answers CSV where the query or Accept asks for it, else JSON', async () => {
  const path = `/sprints/${sprint.id}/burndown`
  for (const [query, accept, type] of [
    ['?format=csv', undefined, csvType],
    ['', 'text/csv', csvType],
    ['', 'application/json;q=0.5, text/csv', csvType],
    ['?format=csv', 'application/json', csvType],
    ['?format=json', 'text/csv', 'application/json'],
    ['', undefined, 'application/json'],
    ['', 'text/csv;q=0.5, application/json', 'application/json'],
    ['', '*/*', 'application/json'],
  ] as const) {
    expect((await ask(path + query, accept)).type, `${query} ${accept}`).toBe(type)
  }
  const { text } = await ask(`${path}?format=csv`)
  expect(text.split('\r\n').map((line) => line.replace(/^[^,]*/, ''))).toEqual([
    ',remaining,scope,done,scope_change',
    ',3,3,0,0',
    ',2,2,0,-1',
    ',2,2,0,0',
    '',
  ])
})

test('a cell that a spreadsheet would run as a formula is text', async () => {
  const { text } = await ask(`/projects/${project.id}/velocity?format=csv`)
  expect(text).toContain(`,"'=HYPERLINK(""http://evil.example""),x",`)
})

test('the single cards of a flow are tables of their own', async () => {
  const { id: sprint_id } = await api.sprint(project.id)
  const done = await api.task(project.id, { sprint_id, board_status: 'in_progress' })
  const begun = await api.task(project.id, { sprint_id, board_status: 'in_progress' })
  await api.patch(`/tasks/${done.id}`, { board_status: 'done' })
  const lines = async (list: string) =>
    (await ask(`/projects/${project.id}/flow?format=csv&list=${list}`)).text.split('\r\n')
  const [head, first, end] = await lines('cycle_times')
  expect([head, end]).toEqual(['task_id,code,title,started_at,completed_at,days', ''])
  expect(first).toContain(`${done.id},${done.code},${done.title},20`)
  expect((await lines('ages'))[1]).toContain(`${begun.id},${begun.code},${begun.title},in_progress`)
  expect((await lines('days'))[0]).toContain('work_in_progress')
  const unknown = await api.get(`/projects/${project.id}/flow?list=cards`)
  expect(unknown).toMatchObject({ status: 422, body: { errors: [{ field: 'list' }] } })
})

test('a format that is not known, and a refusal, are told as ever', async () => {
  const unknown = await api.get(`/sprints/${sprint.id}/burndown?format=xls`)
  expect(unknown).toMatchObject({ status: 422, body: { errors: [{ field: 'format' }] } })
  const missing = await ask('/sprints/999999/burndown?format=csv')
  expect(missing.type).toContain('application/problem+json')
})

test('every chart can be had as CSV, and OpenAPI names its columns', async () => {
  const { paths } = (await api.get('/openapi.json')).body
  const charts = Object.entries<Json>(paths).filter(([path]) =>
    /^\/(sprints|projects)\/\{\w+\}\/(burndown|burnup|flow|forecast)$|^\/projects\/.*\/velocity$/.test(
      path,
    ),
  )
  expect(charts).toHaveLength(7)
  for (const [path, { get }] of charts) {
    const there = path.replace('{sprint_id}', sprint.id).replace('{project_id}', project.id)
    const [header] = (await ask(there, 'text/csv')).text.split('\r\n')
    const described = get.responses[200].content['text/csv'].schema.description
    expect(described, path).toBe(`Columns: ${header?.replaceAll(',', ', ')}`)
    expect(get.parameters.map((it: Json) => it.name)).toContain('format')
  }
})
