import { expect, test } from 'vitest'
import type { Json } from '../../support/api.ts'
import { checkedApi } from '../support/checked-api.ts'

const api = await checkedApi()
const document = (await api.get('/openapi.json')).body
const operations = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
  Object.entries<Json>(item).map(([method, operation]) => ({ path, method, operation })),
)

function walk(value: Json, visit: (node: Json, key: string) => void, key = ''): void {
  visit(value, key)
  if (value !== null && typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) walk(inner, visit, name)
  }
}
const resolve = (ref: string) =>
  ref
    .slice(2)
    .split('/')
    .reduce((node: Json, part) => node?.[part], document)

test('it says that MCP is spoken beside it, and how', async () => {
  expect(document.info.description).toMatch(/`\/mcp`.*streamable HTTP.*README/s)
  // What it says of the other methods is so.
  for (const method of ['GET', 'DELETE']) {
    const headers = { Authorization: `Bearer ${api.adminToken}` }
    expect((await fetch(`${api.url}/mcp`, { method, headers })).status, method).toBe(405)
  }
})

test('the document is OpenAPI 3.1 that holds together', () => {
  expect(document.openapi).toBe('3.1.0')
  expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) })
  walk(document, (node, key) => {
    if (key === '$ref') expect(resolve(node), node).toBeDefined()
    expect(['$defs', '$schema', '$id']).not.toContain(key)
  })
  for (const { path, operation } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map((it) => it[1])
    const declared = operation.parameters.filter((it: Json) => it.in === 'path')
    expect(declared.map((it: Json) => it.name).sort()).toEqual(named.sort())
    for (const parameter of operation.parameters) {
      expect(parameter.schema, `${operation.operationId} ${parameter.name}`).toMatchObject({
        type: expect.any(String),
      })
    }
    for (const [status, response] of Object.entries<Json>(operation.responses)) {
      if (Number(status) < 400 || status === '503') continue
      expect(resolve(response.$ref).content['application/problem+json'].schema).toEqual({
        $ref: '#/components/schemas/Problem',
      })
    }
    const good = Object.keys(operation.responses).filter((it) => it.startsWith('2'))
    for (const status of good) {
      const types = Object.values<Json>(operation.responses[status].content)
      expect(types.length).toBeGreaterThan(0)
      for (const { schema } of types) expect(schema).toBeDefined()
    }
  }
  const ids = operations.map((it) => it.operation.operationId)
  expect(new Set(ids).size).toBe(ids.length)
})

test('the eight endpoints and five schemas that others were promised are there, by their names', () => {
  const promised = {
    'post /sprints/{sprint_id}/actions/link-protocol': 'LinkProtocolRequest',
    'post /sprints/{sprint_id}/actions/sync-from-protocol': null,
    'post /sprints/{sprint_id}/actions/import-tasks': 'ImportTasksRequest',
    'get /sprints/{sprint_id}/velocity': null,
    'post /sprints/{sprint_id}/actions/complete': null,
    'post /protocols/{protocol_id}/actions/create-sprint': 'CreateSprintFromProtocolRequest',
    'get /protocols/{protocol_id}/sprint': null,
    'post /protocols/{protocol_id}/actions/sync-to-sprint': null,
  }
  for (const [endpoint, schema] of Object.entries(promised)) {
    const [method, path] = endpoint.split(' ') as [string, string]
    const operation = document.paths[path]?.[method]
    expect(operation, endpoint).toBeDefined()
    if (schema) {
      const { $ref } = operation.requestBody.content['application/json'].schema
      expect($ref).toBe(`#/components/schemas/${schema}`)
    }
  }
  const { schemas } = document.components
  const types = (name: string) =>
    Object.fromEntries(
      Object.entries<Json>(schemas[name].properties).map(([field, it]) => [
        field,
        it.default === undefined ? 'given' : it.default,
      ]),
    )
  expect(types('LinkProtocolRequest')).toEqual({ protocol_run_id: 'given', auto_sync: true })
  expect(types('ImportTasksRequest')).toMatchObject({
    spec_path: 'given',
    overwrite_existing: false,
  })
  expect(types('CreateSprintFromProtocolRequest')).toEqual({
    sprint_name: 'given',
    start_date: 'given',
    end_date: 'given',
    auto_sync: true,
  })
  expect(schemas.LinkProtocolRequest.required).toEqual(['protocol_run_id'])
  expect(schemas.ImportTasksRequest.required).toEqual(['spec_path'])
  expect(schemas.CreateSprintFromProtocolRequest.required ?? []).toEqual([])
  expect(Object.keys(schemas.SprintVelocityOut.properties)).toEqual([
    'sprint_id',
    'velocity_actual',
    'total_points',
    'completed_points',
    'completion_rate',
  ])
  expect(
    document.paths['/sprints/{sprint_id}/velocity'].get.responses[200].content['application/json']
      .schema,
  ).toEqual({
    $ref: '#/components/schemas/SprintVelocityOut',
  })
  expect(schemas).toHaveProperty('ImportReport')
})

test('what needs a body says so, and what needs none is content without', async () => {
  // A webhook is asked for its signature before its body is looked at.
  const withBody = operations.filter(
    ({ operation }) => operation.requestBody && operation.tags[0] !== 'webhook',
  )
  for (const { path, method, operation } of withBody) {
    const schema = operation.requestBody.content['application/json'].schema
    const { required = [], anyOf } = schema.$ref ? resolve(schema.$ref) : schema
    // One of several bodies: each of them needs something.
    if (anyOf) required.push(...anyOf.flatMap((it: Json) => it.required))
    expect(operation.requestBody.required, operation.operationId).toBe(required.length > 0)
    const answer = await api.request(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, '999999'))
    const refusedForBody = answer.status === 422
    if (required.length > 0) expect(refusedForBody, operation.operationId).toBe(true)
  }
})

test('the same document and routes are below /api', async () => {
  expect((await api.get('/api/openapi.json')).body).toEqual(document)
  expect((await api.get('/api/projects')).status).toBe(200)
})
