import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { addressFrom } from './support/address.ts'
import { differenceFrom } from './support/difference.ts'
import { startLocalEngine } from './support/local-engine.ts'
import { NotTaken } from './support/not-taken.ts'
import { openServer } from './support/server.ts'
import { startStandIn } from './support/stand-in.ts'
import { isBefore } from './support/version.ts'
import { newWorkspace, type Workspace } from './support/workspace.ts'

let root: string
let engine: Awaited<ReturnType<typeof startLocalEngine>>
let server: Awaited<ReturnType<typeof startStandIn>>

/** A script that somebody else has on the server. */
const foreign: Workspace = { ...newWorkspace(), folder: 'theirs', scripts: [item('theirs', 'own')] }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'conformance-server-'))
  engine = await startLocalEngine(foreign, root)
  server = await startStandIn(engine, root)
})
afterAll(async () => {
  await server.close()
  await engine.close()
  await rm(root, { recursive: true, force: true })
})

function item(folder: string, name: string): Workspace['scripts'][number] {
  return {
    ...{ path: `f/${folder}/${name}`, summary: '', description: '', language: 'bun' as const },
    content: 'export function main(x: any) { return x }',
  }
}

function oneOfEach(): Workspace {
  const items = newWorkspace()
  const at = (name: string) => `f/${items.folder}/${name}`
  const transforms = { x: { type: 'static' as const, value: `$var:${at('secret')}` } }
  const step = { type: 'script' as const, path: at('echo'), input_transforms: transforms }
  items.scripts.push(item(items.folder, 'echo'))
  items.flows.push({
    path: at('flow'),
    summary: '',
    value: { modules: [{ id: 'a', value: step }] },
  })
  items.variables.push({ path: at('secret'), value: 'hush', is_secret: true, description: '' })
  items.resources.push({ path: at('place'), value: { port: 1 }, resource_type: 'any' })
  const runs = { script_path: at('flow'), is_flow: true }
  items.schedules.push({
    ...{ ...runs, path: at('daily'), schedule: '0 0 4 * * *', timezone: 'UTC', args: {} },
    enabled: false,
  })
  items.triggers.push({
    ...{ ...runs, path: at('hook'), route_path: `${items.folder}/hook`, http_method: 'post' },
    ...{ authentication_method: 'windmill', is_static_website: false, workspaced_route: true },
  })
  return items
}

const changes = () => server.asked.filter(({ call }) => !call.startsWith('GET'))

describe('a server that is named', () => {
  it('gets a folder of its own, runs what is in it, and is left as it was', async () => {
    const items = oneOfEach()
    const opened = await openServer(items, server)
    expect(opened.version).toMatch(/local-windmill/)
    const run = `${server.url}/api/w/devgodzilla/jobs/run_wait_result/f/f/${items.folder}/flow`
    const headers = { Authorization: `Bearer ${server.token}` }
    expect(await (await fetch(run, { method: 'POST', headers })).json()).toBe('hush')
    await opened.close()

    const folder = `f/${items.folder}`
    expect(changes().map(({ call }) => call)).toEqual([
      'POST /folders/create',
      'POST /scripts/create',
      'POST /flows/create',
      'POST /http_triggers/create',
      'POST /schedules/create',
      'POST /variables/create',
      'POST /resources/create',
      `POST /jobs/run_wait_result/f/${folder}/flow`,
      `DELETE /schedules/delete/${folder}/daily`,
      `DELETE /http_triggers/delete/${folder}/hook`,
      `DELETE /flows/delete/${folder}/flow`,
      `POST /scripts/delete/p/${folder}/echo`,
      `DELETE /resources/delete/${folder}/place`,
      `DELETE /variables/delete/${folder}/secret`,
      `DELETE /folders/delete/${items.folder}`,
    ])
    expect(await readdir(join(root, 'f'))).toEqual(['theirs'])
    const withSecret = server.asked.filter(({ body }) => body.includes('hush'))
    expect(withSecret.map(({ call }) => call)).toEqual(['POST /variables/create'])
    expect(server.asked.every(({ call }) => !call.includes(server.token))).toBe(true)
  })

  it('is left as it was, too, when it refuses something in between', async () => {
    const items = oneOfEach()
    items.scripts.push(item(items.folder, 'echo'))
    await expect(openServer(items, server)).rejects.toThrow(/did not take f.*exists already/)
    expect(await readdir(join(root, 'f'))).toEqual(['theirs'])
  })

  it('may refuse a flow: the rules that need it say so, and name the edition they need', async () => {
    const items = oneOfEach()
    items.flows.push(...items.flows)
    const opened = await openServer(items, server)
    expect([...opened.refused]).toEqual([
      [`f/${items.folder}/flow`, expect.stringContaining('exists already')],
    ])
    await opened.close()

    const needs = (reason: string) => async () => {
      throw new NotTaken('f/x/y', reason)
    }
    expect(await differenceFrom('CE v1.700.0', needs('only in enterprise'), [])).toMatchObject({
      how: 'the server says: only in enterprise',
    })
    const other = differenceFrom('CE v1.700.0', needs('exists already'), [])
    await expect(other).rejects.toThrow('the server did not take f/x/y: exists already')
  })

  it('says what it could not remove', async () => {
    const items = oneOfEach()
    const opened = await openServer(items, server)
    await rm(join(root, `f/${items.folder}/echo.ts`))
    await expect(opened.close()).rejects.toThrow(
      new RegExp(`not everything was removed.*\\n.*f/${items.folder}/echo: .*ENOENT`),
    )
  })

  it('is left as it was by Ctrl-C, too', async () => {
    const items = oneOfEach()
    const { folder } = items
    const opened = await openServer(items, server)
    const address = JSON.stringify({ ...server, asked: undefined })
    const module = fileURLToPath(new URL('support/interruption.ts', import.meta.url))
    const program = `
      const { removedOnInterruption } = await import(${JSON.stringify(module)})
      removedOnInterruption(${address}, ${JSON.stringify(folder)})
      setInterval(() => {}, 1000)
      console.log('begun')`
    const suite = execa('node', ['--import', 'tsx', '--input-type=module', '-e', program], {
      reject: false,
    })
    await once(suite.stdout, 'data')
    suite.kill('SIGINT')
    expect((await suite).signal).toBe('SIGINT')
    await vi.waitUntil(async () => !(await readdir(join(root, 'f'))).includes(folder), 30_000)
    await expect(opened.close()).rejects.toThrow(/Not found/)
  })

  it('is rid of what a killed suite left hours ago, and of nothing else', async () => {
    const hours = (ago: number) => newWorkspace(Date.now() - ago * 3_600_000).folder
    const [old, recent] = [hours(4), hours(1)]
    for (const name of [old, recent, 'dg_conformance_notes']) {
      await fetch(`${server.url}/api/w/${server.workspace}/folders/create`, {
        ...{ method: 'POST', body: JSON.stringify({ name }) },
      })
    }
    await (await openServer(newWorkspace(), server)).close()
    const left = await readdir(join(root, 'f'))
    expect(left).toEqual(expect.arrayContaining(['dg_conformance_notes', recent, 'theirs']))
    expect(left).not.toContain(old)
  })

  it('must be named in full', () => {
    const named = { WINDMILL_BASE_URL: 'https://windmill.example/api/' }
    expect(addressFrom({})).toBeUndefined()
    expect(() => addressFrom(named)).toThrow(/WINDMILL_TOKEN.*WINDMILL_WORKSPACE/)
    expect(addressFrom({ ...named, WINDMILL_TOKEN: 't', WINDMILL_WORKSPACE: 'w' })).toEqual({
      ...{ url: 'https://windmill.example', token: 't', workspace: 'w' },
    })
  })
})

describe('the version of a server', () => {
  it.each([
    ['CE v1.463.2', '1.463.3', true],
    ['CE v1.463.2-5-gabcdef', '1.463.2', false],
    ['EE v1.500.0', '1.463.2', false],
    ['CE v1.9.0', '1.10.0', true],
    ['CE v1.600.0', 'EE', true],
    ['EE v1.600.0', 'EE', false],
    ['local-windmill 1', '1.463.2', false],
    ['local-windmill 1', 'EE', false],
  ])('%s is before %s: %s', (name, since, before) => {
    expect(isBefore(name, since)).toBe(before)
  })
})

describe('a rule that a server does not follow', () => {
  const broken = async () => {
    throw new Error('it is not so')
  }
  const fine = async () => undefined
  const older = { since: '1.500.0', how: 'it is otherwise' }

  it('fails, unless it is known to be otherwise there', async () => {
    expect(await differenceFrom('CE v1.463.2', fine, [older])).toBeUndefined()
    expect(await differenceFrom('CE v1.463.2', broken, [older])).toBe(older)
    const known = { ...older, holds: fine }
    expect(await differenceFrom('CE v1.463.2', broken, [known])).toBe(known)
    for (const version of ['CE v1.500.0', 'local-windmill 1']) {
      await expect(differenceFrom(version, broken, [older])).rejects.toThrow('it is not so')
    }
    await expect(differenceFrom('CE v1.463.2', broken, [])).rejects.toThrow('it is not so')
  })

  it('fails, too, when it is otherwise in another way', async () => {
    const known = { ...older, holds: () => Promise.reject(new Error('nor is it this')) }
    await expect(differenceFrom('CE v1.463.2', broken, [known])).rejects.toThrow('nor is it this')
  })
})
