import { request as rawRequest } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { allCommands } from '../../../api/commands/all.ts'
import type { Command } from '../../../api/commands/command.ts'
import { type Json, testApi } from '../../support/api.ts'
import { checkedApi } from '../support/checked-api.ts'

// The checked client fails on any 500 and on any refusal that is not problem+json.
const api = await checkedApi()
const project = await api.project()
const sprint = await api.sprint(project.id)
const task = await api.task(project.id, { sprint_id: sprint.id })
const run = await api.run(project.id, [{ step_name: 'a' }, { step_name: 'b' }])
const spec = (await api.post('/specs', { project_id: project.id, path: 'specs/x' })).body

const ids: Record<string, number> = {
  project_id: project.id,
  spec_id: spec.id,
  sprint_id: sprint.id,
  protocol_id: run.id,
  protocol_run_id: run.id,
  step_id: run.steps[0].id,
  task_id: task.id,
  depends_on_id: task.id,
  token_id: 999_999,
}
const fill = (path: string) => path.replaceAll(/:(\w+)/g, (_, name: string) => String(ids[name]))

const bodied = allCommands.filter((it) => it.method !== 'get')
const send = (command: Command, body: unknown, path = fill(command.path)) =>
  api.request(command.method.toUpperCase(), path, body)

/** A body that the schema takes, as far as types go; tests then spoil one field of it. */
const samples: Record<string, Json> = {
  slug: 'taken',
  code: 'C1',
  path: 'specs/y',
  spec_path: 'specs/y',
  role: 'viewer',
  repo_url: 'https://example.com/x.git',
  local_path: '/nowhere',
  start_date: '2026-01-01',
  end_date: '2026-01-02',
  due_date: '2026-01-01',
  expires_at: '2099-01-01',
  flow_job_id: '7b0c4a3e-2f3f-4f0f-9d57-0d1f3c9a1b11',
  steps: [{ step_name: 'a' }],
  lines: [{ seq: 0, line: 'x' }],
  board_status: 'todo',
  status: 'active',
  type: 'task',
  kind: 'protocol',
  priority: 'low',
  planning: {},
  settings: {},
  labels: [],
  acceptance_criteria: [],
}
function sampleOf(name: string, type: z.ZodType): Json {
  if (name in samples) return samples[name]
  if (name in ids) return ids[name]
  const json = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' }) as Json
  const kind = json.type ?? json.anyOf?.[0]?.type
  return (
    { string: 'text', integer: 1, boolean: true, array: [], object: {} }[kind as string] ?? null
  )
}
const bodyFor = (command: Command): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(command.body.shape).map(([name, type]) => [
      name,
      sampleOf(name, type as z.ZodType),
    ]),
  )

const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

const spoilers: [string, Json][] = [
  ['a number', 1.5],
  ['2^63', 2 ** 63],
  ['2^53', 2 ** 53],
  ['a negative', -1],
  ['an int4 too large', 2147483648],
  ['null', null],
  ['true', true],
  ['an empty string', ''],
  ['a blank string', '   '],
  ['NUL', 'a\u0000b'],
  ['a lone surrogate', 'a\ud800'],
  ['a long string', 'x'.repeat(200_000)],
  ['a long path of wide characters', '\u4e16'.repeat(1000)],
  ['an unknown enum value', 'no-such-value'],
  ['an invalid date', '2026-02-30'],
  ['an invalid moment', '2026-02-30T25:61:00Z'],
  ['year zero', '0000-01-01T00:00:00Z'],
  ['the end of time', '9999-12-31T23:59:59-23:59'],
  ['an array', [[]]],
  ['an object', { a: 1 }],
  ['NUL in a nested string', { a: { b: ['x\u0000'] } }],
  ['NUL in a nested key', { a: { 'b\u0000': 1 } }],
  ['a prototype', JSON.parse('{"__proto__":{"x":1},"constructor":{"y":1}}')],
  ['a list of nonsense', [null, 1, 'x\u0000', {}]],
]

describe.each(bodied.map((command) => [command.name, command] as const))('%s', (_, command) => {
  test('bodies that are not what they should be are refused with a reason', async () => {
    for (const body of ['{', '[', 'nonsense', '"', '\u0000', '{"a":}']) {
      if (Object.keys(command.body.shape).length === 0 && body === '') continue
      expect((await send(command, body)).status, body).toBe(400)
    }
    for (const body of [
      '[]',
      'null',
      '1',
      '"text"',
      '{"unknown_field":1}',
      '['.repeat(100_000) + ']'.repeat(100_000),
    ]) {
      expect((await send(command, body)).status, body.slice(0, 30)).toBe(422)
    }
  })

  test('no field takes the service down, whatever is in it', async () => {
    for (const name of Object.keys(command.body.shape)) {
      for (const [label, value] of spoilers) {
        const answer = await send(command, { ...bodyFor(command), [name]: value })
        expect(answer.status, `${name}: ${label}`).toBeLessThan(500)
        if (answer.status === 422 && answer.body.rule === 'schema') {
          expect(answer.body.errors.length).toBeGreaterThan(0)
        }
      }
    }
  })

  test('no depth takes the service down', async () => {
    for (const name of Object.keys(command.body.shape)) {
      const body = JSON.stringify({ ...bodyFor(command), [name]: 'DEEP' })
      for (const depth of [50, 100_000]) {
        const { status } = await send(command, body.replace('"DEEP"', deep(depth)))
        expect(status, name).toBe(422)
      }
    }
  })

  test('no id takes the service down', async () => {
    for (const id of [
      '0',
      '-1',
      '1.5',
      'x',
      '%00',
      '%E0%A4%A',
      '9223372036854775807',
      '9223372036854775808',
      '9007199254740991',
      '99999999999999999999',
      '%20',
      'null',
      '..',
    ]) {
      const path = command.path.replaceAll(/:\w+/g, id)
      if (path !== command.path)
        expect((await send(command, bodyFor(command), path)).status).toBeLessThan(500)
    }
  })
})

describe.each(
  allCommands
    .filter((it) => it.method === 'get')
    .map((command) => [command.name, command] as const),
)('%s', (_, command) => {
  test('no query takes the service down', async () => {
    const values = [
      '',
      'x',
      '-1',
      '0',
      '1.5',
      '9223372036854775807',
      '9223372036854775808',
      '1e999',
      '%00',
      '%ED%A0%80',
      '%E0%A4%A',
      'x'.repeat(5000),
      '[]',
      '999999999999999',
      'NaN',
      '18446744073709551615-1',
    ]
    for (const name of ['cursor', 'limit', ...Object.keys(command.query.shape)]) {
      for (const value of values) {
        const answer = await api.get(`${fill(command.path)}?${name}=${value}`)
        expect(answer.status, `${name}=${value.slice(0, 30)}`).toBeLessThan(500)
      }
    }
    for (const query of ['?', '?&&&', '?=', '?limit=1&limit=x', '?%', '?limit[]=1']) {
      expect((await api.get(fill(command.path) + query)).status).toBeLessThan(500)
    }
  })
})

test('lists are cut into pages that cover everything once', async () => {
  const other = await api.project()
  for (let n = 0; n < 7; n++) await api.task(other.id)
  const seen: number[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { body } = await api.get(
      `/tasks?project_id=${other.id}&limit=3${cursor && `&cursor=${cursor}`}`,
    )
    seen.push(...body.items.map((it: Json) => it.id))
    cursor = body.next_cursor
  }
  expect(seen).toHaveLength(7)
  expect(new Set(seen).size).toBe(7)
  expect((await api.get('/tasks?limit=1001')).status).toBe(422)
})

test('rows of another project are not taken for those of this one', async () => {
  const [project, other] = [await api.project(), await api.project()]
  const sprint = await api.sprint(project.id)
  const task = await api.task(project.id, { sprint_id: sprint.id })
  const foreign = {
    sprint: await api.sprint(other.id),
    task: await api.task(other.id),
    run: await api.run(other.id, []),
    spec: (await api.post('/specs', { project_id: other.id, path: 'specs/x' })).body,
  }
  const same = { status: 409, body: { rule: 'same_project' } }
  const body = { project_id: project.id, name: 'S', title: 'T', protocol_name: 'R' }
  const { project_id, name, title, protocol_name } = body
  for (const answer of [
    await api.post('/tasks', { project_id, title, sprint_id: foreign.sprint.id }),
    await api.patch(`/tasks/${task.id}`, { sprint_id: foreign.sprint.id }),
    await api.post(`/tasks/${task.id}/dependencies`, { depends_on_id: foreign.task.id }),
    await api.post('/sprints', { project_id, name, spec_id: foreign.spec.id }),
    await api.post('/protocols', { project_id, protocol_name, spec_id: foreign.spec.id }),
    await api.post('/protocols', { project_id, protocol_name, sprint_id: foreign.sprint.id }),
    await api.post('/protocols', { project_id, protocol_name, parent_run_id: foreign.run.id }),
    await api.post(`/sprints/${sprint.id}/actions/link-protocol`, {
      protocol_run_id: foreign.run.id,
    }),
  ]) {
    expect(answer).toMatchObject(same)
  }
})

test('ids that nobody has are 404, by name', async () => {
  for (const command of allCommands.filter((it) => /:\w+/.test(it.path))) {
    const path = command.path.replaceAll(/:\w+/g, '987654321')
    const answer = await send(
      command,
      command.method === 'get' ? undefined : bodyFor(command),
      path,
    )
    if (answer.status !== 422) expect(answer, command.name).toMatchObject({ status: 404 })
    if (answer.status === 404) expect(answer.body.detail).toContain('987654321')
  }
})

test('dates: days are the project’s, zones are converted, and the end is not before the start', async () => {
  const make = (fields: object) =>
    api.post('/sprints', { project_id: project.id, name: 'S', ...fields })
  expect(
    (await make({ start_date: '2026-03-01', end_date: '2026-03-14T18:00:00+02:00' })).body,
  ).toMatchObject({
    start_date: '2026-03-01T00:00:00.000Z',
    end_date: '2026-03-14T16:00:00.000Z',
  })
  const refused = { status: 422, body: { errors: [{ field: 'end_date' }] } }
  expect(await make({ start_date: '2026-03-02', end_date: '2026-03-01' })).toMatchObject(refused)
  expect(await make({ end_date: 'tomorrow' })).toMatchObject(refused)
  const fresh = await api.run(project.id, [{ step_name: 'a' }])
  const path = `/protocols/${fresh.id}/actions/create-sprint`
  expect(await api.post(path, { end_date: '2000-01-01' })).toMatchObject(refused)
  expect((await api.post(path, { start_date: '8999-12-31' })).status).toBe(201)
})

test('a body over 10 MB is refused with 413, whether it says its length or not', async () => {
  const body = JSON.stringify({ name: 'x'.repeat(11_000_000) })
  const post = (chunked: boolean) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const { hostname, port } = new URL(api.url)
      const request = rawRequest({
        hostname,
        port,
        path: '/projects',
        method: 'POST',
        headers: {
          Authorization: `Bearer ${api.adminToken}`,
          'Content-Type': 'application/json',
          ...(chunked ? {} : { 'Content-Length': Buffer.byteLength(body) }),
        },
      })
      request.on('response', async (response) => {
        let text = ''
        for await (const chunk of response) text += chunk
        // The rest of the body has nowhere to go.
        request.destroy()
        resolve({ status: response.statusCode ?? 0, text })
      })
      request.on('error', reject)
      request.end(body)
    })
  for (const chunked of [false, true]) {
    const answer = await post(chunked)
    expect(answer.status).toBe(413)
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'too_large', rule: 'body_size' })
  }
  expect((await api.get('/health')).status).toBe(200)
})

test('a body that never ends is given up, and told so', async () => {
  const impatient = await testApi({ receiveWithin: 400 })
  const { hostname, port } = new URL(impatient.url)
  const hold = (head: string) =>
    new Promise<string>((resolve, reject) => {
      let answer = ''
      const socket = connect(Number(port), hostname, () => socket.write(head))
      socket.on('data', (chunk) => {
        answer += chunk
      })
      socket.on('close', () => resolve(answer))
      socket.on('error', reject)
    })
  const head = `POST /projects HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${impatient.adminToken}\r\n`
  for (const begun of [
    `${head}Content-Length: 50\r\n\r\n{"slug":`,
    `${head}Transfer-Encoding: chunked\r\n\r\n8\r\n{"slug":\r\n`,
    head,
  ]) {
    const [headers = '', body = ''] = (await hold(begun)).split('\r\n\r\n')
    expect(headers).toMatch(/^HTTP\/1.1 408 [\s\S]*application\/problem\+json/)
    expect(JSON.parse(body)).toMatchObject({ code: 'timed_out', rule: 'request_time' })
  }
  expect((await impatient.get('/projects')).body.items).toEqual([])
  // A stranger is turned away before anything is read, and kept.
  const stranger =
    'POST /projects HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n'
  expect(await hold(stranger)).toMatch(/^HTTP\/1.1 401 /)
})

test('a wish for another protocol is passed over, and the request answered', async () => {
  const { hostname, port } = new URL(api.url)
  const wish = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMA' }
  const body = JSON.stringify({ slug: 'wished', name: 'x'.repeat(400) })
  const ask = (method: string, text: string) =>
    new Promise<number>((resolve, reject) => {
      const headers = {
        ...wish,
        Authorization: `Bearer ${api.adminToken}`,
        'Content-Length': text.length,
      }
      const request = rawRequest({ hostname, port, path: '/projects', method, headers })
      request.on('response', (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
      })
      request.on('error', reject)
      request.end(text)
    })
  expect(await ask('GET', '')).toBe(200)
  expect(await ask('POST', body)).toBe(201)
  expect((await api.get('/projects?slug=wished')).body.items).toHaveLength(1)
})

test('headers without end are refused by name', async () => {
  const answer = await api.get('/projects', { headers: { 'X-Long': 'x'.repeat(20_000) } })
  expect(answer).toMatchObject({ status: 431, body: { rule: 'header_size' } })
})

test('what is not known, or is said twice, is named', async () => {
  expect(await api.get('/tasks?sprint=1&limit=5')).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'sprint', message: 'is not known here; did you mean sprint_id?' }] },
  })
  expect(await api.get('/tasks?limit=5&limit=6')).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'limit', message: 'must be given once' }] },
  })
  expect(await api.post('/projects', { slug: 'x', name: 'X', colour: 'red' })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'colour', message: 'is not known here' }] },
  })
})

test('a body that is not UTF-8 is refused, not guessed at', async () => {
  const response = await fetch(`${api.url}/projects`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${api.adminToken}` },
    body: Buffer.from('{"slug":"latin","name":"caf\xe9"}', 'latin1'),
  })
  expect(response.status).toBe(400)
})

test('methods: HEAD is GET without a body; what no route knows is a problem, never a crash', async () => {
  const ask = (method: string, path: string) =>
    fetch(api.url + path, { method, headers: { Authorization: `Bearer ${api.adminToken}` } })
  const head = await ask('HEAD', `/projects/${project.id}`)
  expect([head.status, await head.text()]).toEqual([200, ''])
  for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
    const response = await ask(method, '/sprints')
    expect(response.status, method).toBe(405)
    expect(response.headers.get('Allow')).toBe('GET, HEAD, POST')
    expect(await response.json()).toMatchObject({ status: 405, rule: 'method' })
  }
  expect((await ask('POST', '/nowhere')).status).toBe(404)
})

test('weird headers and lines are refused and the service goes on', async () => {
  const { hostname, port } = new URL(api.url)
  const say = (text: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.end(text))
      let answer = ''
      socket.on('data', (chunk) => {
        answer += chunk
      })
      socket.on('close', () => resolve(answer))
      socket.on('error', () => resolve(answer))
      socket.setTimeout(2000, () => socket.destroy())
    })
  const auth = `Authorization: Bearer ${api.adminToken}`
  for (const text of [
    `GET / HTTP/1.1\r\nHost: \u0000\r\n\r\n`,
    `GET /projects HTTP/1.1\r\nHost: a b\r\n${auth}\r\n\r\n`,
    `GET http://[::1/projects HTTP/1.1\r\nHost: x\r\n${auth}\r\n\r\n`,
    `GET //evil/../projects HTTP/1.1\r\nHost: x\r\n${auth}\r\n\r\n`,
    `GET /projects HTTP/1.1\r\nHost: x\r\n${auth}\r\nCookie: devgodzilla_session=%E0%A4%A; =; ;;\r\n\r\n`,
    `GET /projects HTTP/1.1\r\nHost: x\r\nCookie: devgodzilla_session=\xff\r\n\r\n`,
    `POST /projects HTTP/1.1\r\nHost: x\r\nOrigin: null\r\nCookie: devgodzilla_session=x\r\nContent-Length: 2\r\n\r\n{}`,
    `POST /projects HTTP/1.1\r\nHost: x\r\n${auth}\r\nIdempotency-Key: \xe4\r\nContent-Length: 2\r\n\r\n{}`,
    `POST /projects HTTP/1.1\r\nHost: x\r\n${auth}\r\nContent-Length: nonsense\r\n\r\n{}`,
    `POST /projects HTTP/1.1\r\nHost: x\r\n${auth}\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}`,
    'NONSENSE\r\n\r\n',
    `BREW /projects HTTP/1.1\r\nHost: x\r\n${auth}\r\n\r\n`,
  ]) {
    const answer = await say(text)
    expect(answer.split('\r\n')[0], JSON.stringify(text)).not.toMatch(/ 5\d\d /)
  }
  expect((await api.get('/health')).status).toBe(200)
})
