import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ResourceService } from 'windmill-client'
import { type Api, startApi } from '../../api/main.ts'
import type { Sprint, Task } from '../../f/devgodzilla/lib/answers.ts'
import { git } from '../f/support/git-repositories.ts'
import { remoteWith } from '../f/support/git-server.ts'
import { testDatabase } from '../support/database.ts'
import { idleWindmill } from '../support/idle-windmill.ts'
import { bindFor, callbackHost } from './support/callback.ts'
import { addProduct } from './support/product.ts'
import { onOneServer, server } from './support/rule.ts'
import { run } from './support/runs.ts'
import { at, flow, resource, script, variable, workspace } from './support/workspace.ts'

const database = await testDatabase()
const secret = () => randomBytes(24).toString('base64url')
const [adminToken, flowToken, gitPassword] = [secret(), secret(), secret()]
let api: Api
let apiUrl: string

const reach = script(
  'reach',
  `export async function main(url: string) {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
    return response.status
  }`,
)
const reaching = flow({
  modules: [
    {
      id: 'a',
      value: {
        ...{ type: 'script', path: reach },
        input_transforms: { url: { type: 'javascript', expr: 'flow_input.url' } },
      },
    },
  ],
})

beforeAll(async () => {
  const windmill = { baseUrl: await idleWindmill(), token: 'unused', workspace: 'unused' }
  api = await startApi({
    ...{ databaseUrl: database.url, host: bindFor(callbackHost), port: 0, adminToken },
    ...{ sprintIntegration: true, consoleDir: null, windmill: () => windmill },
    log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
  })
  await api.ensureServiceToken('flows', flowToken)
  apiUrl = `http://${callbackHost}:${new URL(api.url).port}`
  await addProduct(workspace)
  const token = `$var:${variable('api_token', flowToken, true)}`
  resource('api', { base_url: apiUrl, token }, 'c_devgodzilla_api')
  resource('agent', { kind: 'builtin' }, 'c_devgodzilla_agent')
  variable('git_token', gitPassword, true)
})
afterAll(() => api?.close())
onOneServer()

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${new URL(api.url).port}${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
  return (await response.json()) as T
}

const board = async (sprint: number) =>
  (await ask<{ items: Task[] }>('GET', `/sprints/${sprint}/tasks`)).items.map(
    ({ title, board_status }) => `${board_status}: ${title}`,
  )

/** Runs one of the product's flows, which must succeed. */
async function product<T>(name: string, args: object): Promise<T> {
  const { success, result } = await run(at(name), args)
  if (!success) throw new Error(`${name} failed: ${JSON.stringify(result)}`)
  return result as T
}

describe('the flows of the product', () => {
  it('keep the board of a remote repository', async () => {
    const reached = await run(reaching, { url: `${apiUrl}/ready` })
    if (reached.result !== 200) {
      const why = reached.result?.error?.message ?? reached.result
      throw new Error(
        `the workers of ${server().url} do not reach this machine at ${apiUrl} (${why}): ` +
          'set DEVGODZILLA_CALLBACK_HOST to a name or address under which they do, such as host.docker.internal',
      )
    }
    const tasks = 'specs/001-shop/tasks.md'
    const account = { username: 'flows', password: gitPassword }
    const remote = await remoteWith(
      {
        'specs/001-shop/spec.md': '# Shop\n',
        [tasks]: '# Tasks\n\n- [ ] T001 Lay the table\n- [x] T002 Set the chairs\n',
      },
      account,
      { bind: bindFor(callbackHost), name: callbackHost },
    )
    const password = `$var:${at('git_token')}`
    await ResourceService.createResource({
      workspace: server().workspace,
      requestBody: {
        ...{ path: at('git'), resource_type: 'c_devgodzilla_git' },
        value: { credentials: [{ host: remote.host, username: account.username, password }] },
      },
    })
    const project = await ask<{ id: number }>('POST', '/projects', {
      ...{ slug: 'shop', name: 'Shop', repo_url: remote.url },
      settings: { auto_create_sprint: false },
    })
    const { id: sprint_id } = await ask<Sprint>('POST', '/sprints', {
      ...{ project_id: project.id, name: 'First' },
    })

    const synced = { recognised: 2, created: 2 }
    expect(
      await product('sync_tasks_to_sprint', { sprint_id, spec_path: 'specs/001-shop' }),
    ).toMatchObject(synced)
    expect(await board(sprint_id)).toEqual(['todo: Lay the table', 'done: Set the chairs'])

    expect(
      await product('spec_to_tasks', { project_id: project.id, spec_path: 'specs/001-shop' }),
    ).toMatchObject({ sprint_id, created: 0 })

    const protocol = await ask<{ id: number }>('POST', '/protocols', {
      ...{ project_id: project.id, protocol_name: 'Build' },
      steps: [{ step_name: 'Cut' }, { step_name: 'Glue', depends_on: ['Cut'] }],
    })
    const made = await product<Sprint>('sprint_from_protocol', { protocol_id: protocol.id })
    expect(await board(made.id)).toEqual(['todo: Cut', 'todo: Glue'])

    const { items } = await ask<{ items: Task[] }>('GET', `/sprints/${sprint_id}/tasks`)
    await ask('PATCH', `/tasks/${items[0]?.id}`, { board_status: 'done' })
    expect(await product('complete_sprint', { sprint_id })).toMatchObject({
      sprint: { status: 'completed' },
      files: [{ changed: ['T001'] }],
    })
    expect(await git(remote.bare, 'show', `main:${tasks}`)).toBe(
      '# Tasks\n\n- [x] T001 Lay the table\n- [x] T002 Set the chairs',
    )
  })

  it('say what is wrong, and are never green over an error', async () => {
    const { success, result } = await run(at('sync_tasks_to_sprint'), {
      ...{ sprint_id: 999_999, spec_path: 'specs/001-shop' },
    })
    expect(success).toBe(false)
    expect(result.error.message).toMatch(/sync_tasks_to_sprint failed at step .*999999/)
  })
})
