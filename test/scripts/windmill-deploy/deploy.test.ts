import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deploy } from '../../../scripts/windmill-deploy/deploy.ts'
import { requireTool } from '../../support/requires.ts'
import {
  type WindmillServer,
  windmillServer,
} from '../../support/windmill-server/windmill-server.ts'
import { apiToken, environment, nightly, smallWorkspace } from './small-workspace.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const wmill = requireTool('wmill')

const acted = (deployed: { items: { path: string; action: string }[] }) =>
  deployed.items.filter(({ action }) => action !== 'keep').map((it) => `${it.action} ${it.path}`)

describe.skipIf(!wmill)('our workspace, by the command, on a server that holds more', () => {
  let server: WindmillServer
  let place: string
  let first: Awaited<ReturnType<typeof command>>

  /** Runs the command with a wmill that notes how it was called. */
  async function command(...args: string[]) {
    return execa('node', [join(root, 'scripts/bin.mjs'), 'windmill', 'deploy', ...args], {
      env: { ...environment(server), PATH: `${place}:${process.env.PATH}`, WMILL_REAL: wmill },
      reject: false,
    })
  }

  beforeAll(async () => {
    server = await windmillServer()
    place = await mkdtemp(join(tmpdir(), 'wmill-seen-'))
    const seen = `#!/bin/sh\n{ echo "$0 $*"; env; } >> ${place}/seen\nexec '${wmill}' "$@"\n`
    await writeFile(join(place, 'wmill'), seen)
    await chmod(join(place, 'wmill'), 0o755)
    const { workspace } = server
    workspace.folders.set('other', { name: 'other' })
    for (const path of ['f/devgodzilla/somebodys', 'f/other/theirs']) {
      workspace.scripts.set(path, [{ path, content: 'main', summary: 'Theirs', kind: 'script' }])
      workspace.flows.set(path, [{ path, summary: 'Theirs', value: { modules: [] } }])
      workspace.variables.set(path, { path, value: 'x', is_secret: false })
      workspace.resources.set(path, { path, value: {}, resource_type: 'any' })
      workspace.schedules.set(path, { path, schedule: '0 0 0 * * *', script_path: path })
      workspace.http_triggers.set(path, { path, route_path: 'x', script_path: path })
    }
    first = await command()
  })
  afterAll(async () => {
    await server.close()
    await rm(place, { recursive: true, force: true })
  })

  it('is there whole, and the command says so', async () => {
    expect(first.exitCode, first.stderr).toBe(0)
    expect(first.stdout).toContain('created flow f/devgodzilla/sync_tasks_to_sprint')
    expect(first.stdout).toMatch(/^\d\d+ created, 0 changed, 0 unchanged in plant at /m)
    const {
      scripts,
      flows,
      folders,
      resourceTypes,
      schedules,
      http_triggers,
      variables,
      resources,
    } = server.workspace
    expect(folders.get('devgodzilla')).toMatchObject({ owners: ['g/all'] })
    expect([...resourceTypes.keys()]).toContain('c_devgodzilla_api')
    expect(variables.get('f/devgodzilla/api_token')).toMatchObject({
      value: apiToken,
      is_secret: true,
    })
    expect(resources.get('f/devgodzilla/api')?.value).toEqual({
      base_url: 'http://devgodzilla.plant:8787',
      token: '$var:f/devgodzilla/api_token',
    })
    expect([...flows.keys()]).toContain('f/devgodzilla/complete_sprint')
    expect(schedules.get('f/devgodzilla/reconcile_specs')).toMatchObject({ is_flow: true })
    expect(http_triggers.get('f/devgodzilla/speckit_hook')).toMatchObject({ route_path: 'speckit' })
    expect(scripts.get('f/devgodzilla/lib/api')?.at(-1)).toMatchObject({
      content: await readFile(join(root, 'f/devgodzilla/lib/api.ts'), 'utf8'),
      lock: await readFile(join(root, 'f/devgodzilla/lib/api.script.lock'), 'utf8'),
      language: 'bun',
    })
  })

  it('is not written again, though the server writes out every default of a flow', async () => {
    const before = server.writes().length
    const again = await command('--json')
    expect(again.exitCode, again.stderr).toBe(0)
    expect(acted(JSON.parse(again.stdout))).toEqual([])
    expect(server.writes()).toHaveLength(before)
  })

  it('leaves what is not ours, in our folder too', () => {
    const { workspace, requests } = server
    for (const path of ['f/devgodzilla/somebodys', 'f/other/theirs']) {
      expect(workspace.scripts.get(path)).toHaveLength(1)
      expect(workspace.flows.get(path)).toHaveLength(1)
      for (const kind of ['variables', 'resources', 'schedules', 'http_triggers'] as const) {
        expect(workspace[kind].get(path), kind).toBeDefined()
      }
    }
    expect(
      requests.filter((it) => /^DELETE|\/(archive|delete)\//.test(`${it.method} ${it.path}`)),
    ).toEqual([])
  })

  it('shows its secrets to the one request that stores them', async () => {
    const seen = await readFile(join(place, 'seen'), 'utf8')
    expect(seen).toContain('--keep-deleted')
    for (const secret of [apiToken, server.token]) {
      expect(first.stdout + first.stderr + seen).not.toContain(secret)
      expect(JSON.stringify(server.requests.map(({ path }) => path))).not.toContain(secret)
    }
    const holders = server.requests.filter(({ body }) => body.includes(apiToken))
    expect(holders.map(({ path }) => path)).toEqual(['w/plant/variables/create'])
    expect(server.requests.filter(({ body }) => body.includes(server.token))).toEqual([])
  })
})

describe.skipIf(!wmill)('what changed', () => {
  let server: WindmillServer
  beforeAll(async () => {
    server = await windmillServer()
  })
  afterAll(() => server.close())

  it('does not count while wmill fails, whose words are told', async () => {
    server.fault = ({ path }) =>
      path.includes('scripts/create') ? { status: 400, text: 'Bad request: no room' } : undefined
    const failing = deploy(await smallWorkspace(), environment(server))
    await expect(failing).rejects.toThrow(/could not push.*no room.*run the same again/s)
    server.fault = undefined
    const left = await deploy(await smallWorkspace(), environment(server))
    expect(acted(left)).toContain('create f/shop/greet')
    expect(acted(left)).not.toContain('create f/shop/api')
  })

  it('is pushed alone, and told before by a dry run', async () => {
    const before = server.writes().length
    const louder = 'export async function main(name: string) { return name.toUpperCase() }\n'
    const changed = await smallWorkspace({ 'f/shop/greet.ts': louder })
    const dry = await deploy(changed, environment(server), { dryRun: true })
    expect(acted(dry)).toEqual(['change f/shop/greet'])
    expect(server.writes()).toHaveLength(before)
    await deploy(changed, environment(server))
    const [write, ...more] = server.writes().slice(before)
    expect(more).toEqual([])
    expect(JSON.parse(write?.body ?? '')).toMatchObject({ path: 'f/shop/greet', content: louder })
    expect(server.workspace.scripts.get('f/shop/greet')).toHaveLength(2)
  })

  it('is a flow from which something was taken, and no schedule that somebody turned on', async () => {
    const { schedules, flows, scripts } = server.workspace
    const schedule = () => schedules.get('f/shop/nightly') ?? {}
    schedules.set('f/shop/nightly', { ...schedule(), enabled: true })
    const greet = String(scripts.get('f/shop/greet')?.at(-1)?.content)
    const flow = 'summary: Open\nvalue: { modules: [{ id: first, value: { type: identity } }] }\n'
    const less = { 'f/shop/greet.ts': greet, 'f/shop/open__flow/flow.yaml': flow }
    const env = environment(server)
    const dry = await deploy(await smallWorkspace(less), env, { dryRun: true })
    expect(acted(dry)).toEqual(['change f/shop/open'])
    const later = { 'f/shop/nightly.schedule.yaml': nightly.replace('0 0 4', '0 0 5') }
    await deploy(await smallWorkspace({ ...less, ...later }), env)
    expect(flows.get('f/shop/open')).toHaveLength(2)
    expect(schedule()).toMatchObject({ schedule: '0 0 5 * * *', enabled: true })
  })
})
