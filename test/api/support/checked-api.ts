import { expect } from 'vitest'
import { allCommands } from '../../../api/commands/all.ts'
import { type ApiOptions, clientOf, type Json, type TestApi, testApi } from '../../support/api.ts'
import type { TestDatabase } from '../../support/database.ts'
import { allIsTold } from '../../support/told.ts'

export interface CheckedApi extends TestApi {
  project(fields?: object): Promise<Json>
  sprint(projectId: number, fields?: object): Promise<Json>
  task(projectId: number, fields?: object): Promise<Json>
  /** A run with these steps; each step's dependencies by name. */
  run(projectId: number, steps: Json[], fields?: object): Promise<Json>
  /** The same with its sprint and cards; `card` finds the card of a step by the step's name. */
  linkedRun(projectId: number, steps: Json[]): Promise<LinkedRun>
  act(step: { id: number }, action: string, body?: object): Promise<Json>
  /** Waits until the stream has reached what was written: it stays behind any that is still open. */
  caughtUp(): Promise<void>
  /** Waits until every event was handled, and fails where one was parked. */
  settled(): Promise<void>
}

export interface LinkedRun {
  run: Json
  sprint: Json
  steps: Json[]
  step(name: string): Json
  card(name: string): Promise<Json>
}

let count = 0

/** An API of its own whose every answer is held against what its OpenAPI says of it. */
export async function checkedApi(options: ApiOptions = {}): Promise<CheckedApi> {
  return checked(await testApi(options))
}

/** The same over an API that runs already. */
export const checkedClient = (url: string, token: string, database: TestDatabase) =>
  checked(clientOf(url, token, database))

const routes = allCommands.map((command) => ({
  command,
  pattern: new RegExp(`^(/api)?${command.path.replaceAll(/:\w+/g, '[^/]+')}$`),
}))

function check(method: string, path: string, status: number, body: Json): void {
  const found = routes.find(
    ({ command, pattern }) =>
      command.method === method.toLowerCase() && pattern.test(path.split('?')[0] ?? ''),
  )
  if (status >= 400) {
    const label = `${method} ${path} → ${status} ${JSON.stringify(body)?.slice(0, 500)}`
    expect(status, label).toBeLessThan(500)
    expect(body, label).toMatchObject({
      type: expect.any(String),
      title: expect.any(String),
      status,
      detail: expect.any(String),
      code: expect.any(String),
      rule: expect.any(String),
      requestId: expect.any(String),
    })
    return
  }
  if (!found) return
  const statuses = found.command.status === 201 ? [200, 201] : [200]
  expect(statuses, `${method} ${path}`).toContain(status)
  const parsed = found.command.output.safeParse(body)
  expect(parsed.error, `${method} ${path}: ${JSON.stringify(body)?.slice(0, 500)}`).toBeUndefined()
  // Nothing beyond what is described, either.
  expect(parsed.data, `${method} ${path}`).toEqual(body)
}

export function checked(api: TestApi): CheckedApi {
  const request: TestApi['request'] = async (method, path, body, given) => {
    const answer = await api.request(method, path, body, given)
    check(method, path, answer.status, answer.body)
    return answer
  }
  const post: TestApi['post'] = (path, body, given) => request('POST', path, body ?? {}, given)
  const made = async (path: string, body: object) => {
    const answer = await post(path, body)
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    return answer.body
  }
  const run: CheckedApi['run'] = (project_id, steps, fields) =>
    made('/protocols', { project_id, protocol_name: `Run ${++count}`, steps, ...fields })
  return {
    ...api,
    request,
    get: (path, given) => request('GET', path, undefined, given),
    post,
    patch: (path, body, given) => request('PATCH', path, body ?? {}, given),
    put: (path, body, given) => request('PUT', path, body ?? {}, given),
    delete: (path, given) => request('DELETE', path, undefined, given),
    project: (fields) => made('/projects', { slug: `p${++count}`, name: 'P', ...fields }),
    sprint: (project_id, fields) =>
      made('/sprints', { project_id, name: `Sprint ${++count}`, ...fields }),
    task: (project_id, fields) =>
      made('/tasks', { project_id, title: `Task ${++count}`, ...fields }),
    run,
    async linkedRun(projectId, plan) {
      const { steps, ...made } = await run(projectId, plan)
      const sprint = (await post(`/protocols/${made.id}/actions/create-sprint`)).body
      const step = (name: string) => steps.find((it: Json) => it.step_name === name)
      const card = async (name: string) => {
        const { linked_task_id } = (await request('GET', `/steps/${step(name).id}`)).body
        return (await request('GET', `/tasks/${linked_task_id}`)).body
      }
      return { run: made, sprint, steps, step, card }
    },
    async act(step, action, body) {
      return (await post(`/steps/${step.id}/actions/${action}`, body)).body
    },
    caughtUp: () => allIsTold(api.database),
    async settled() {
      const deadline = Date.now() + 20_000
      for (;;) {
        const [left] = await api.database.sql`
          select count(*) filter (where parked_at is null)::int as waiting,
            count(parked_at)::int as parked, max(error) as error from event_deliveries`
        expect(left?.parked, left?.error).toBe(0)
        if (left?.waiting === 0) return
        expect(Date.now(), `${left?.waiting} deliveries wait: ${left?.error}`).toBeLessThan(
          deadline,
        )
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
  }
}

/** Agents of an API: each with a token of its own, of the role agent. */
export function agentsAt(api: CheckedApi) {
  const tokens = new Map<string, string>()
  const tokenFor = async (name: string): Promise<string> => {
    const known =
      tokens.get(name) ?? (await api.post('/tokens', { name, role: 'agent' })).body.secret
    tokens.set(name, known)
    return known
  }
  const in_ = ({ key, token }: { key: string; token: string }) => ({
    token,
    headers: { 'X-Session-Key': key },
  })
  return {
    tokenFor,
    /** Options of a request that is made in a session. */
    in: in_,
    /** A session of this agent, begun by a command of init. */
    async begin(agent: string, command: string) {
      const token = await tokenFor(agent)
      const { status, body } = await api.post('/agent/init', { command, agent }, { token })
      expect(status, JSON.stringify(body)).toBeLessThan(300)
      return { ...body, key: body.session_key as string, token }
    },
  }
}
