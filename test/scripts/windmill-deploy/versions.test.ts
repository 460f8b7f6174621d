import { describe, expect, it, onTestFinished } from 'vitest'
import { deploy } from '../../../scripts/windmill-deploy/deploy.ts'
import { remove } from '../../../scripts/windmill-deploy/remove.ts'
import { requireTool } from '../../support/requires.ts'
import { windmillServer } from '../../support/windmill-server/windmill-server.ts'
import { environment, hook, nightly, smallWorkspace } from './small-workspace.ts'

const wmill = requireTool('wmill')

const acted = (deployed: { items: { path: string; action: string }[] }) =>
  deployed.items.filter(({ action }) => action !== 'keep').map((it) => `${it.action} ${it.path}`)

async function started(version: string, files: Record<string, string>) {
  const server = await windmillServer()
  onTestFinished(() => server.close())
  server.version = version
  return { server, env: environment(server), root: await smallWorkspace(files) }
}

const withHook = { 'f/shop/hook.http_trigger.yaml': hook }

describe.skipIf(!wmill)('a server', () => {
  it('that has no description of schedules gets the rest of one, once', async () => {
    const described = `description: Every night.${nightly}`
    const files = { 'f/shop/nightly.schedule.yaml': described }
    const { server, env, root } = await started('CE v1.463.2', files)
    server.fault = ({ method, path }) => {
      const kept = server.workspace.schedules.get(/schedules\/get\/(.+)$/.exec(path)?.[1] ?? '')
      if (method !== 'GET' || !kept) return undefined
      return { status: 200, text: JSON.stringify({ ...kept, description: undefined }) }
    }
    expect(acted(await deploy(root, env))).toContain('create f/shop/nightly')
    expect(acted(await deploy(root, env))).toEqual([])
    const later = described.replace('0 0 4', '0 0 5')
    const changed = await smallWorkspace({ 'f/shop/nightly.schedule.yaml': later })
    expect(acted(await deploy(changed, env))).toEqual(['change f/shop/nightly'])
  })

  it('whose HTTP triggers are always on gets none, and is told so', async () => {
    const { server, env, root } = await started('CE v1.576.3', withHook)
    expect((await deploy(root, env)).left_out).toEqual([
      'http trigger f/shop/hook needs Windmill 1.577 or newer',
    ])
    expect(server.requests.filter(({ path }) => path.includes('w/plant/http_triggers'))).toEqual([])
  })

  it('that turns HTTP triggers off in the older way is told to, and asked no more', async () => {
    const { server, env, root } = await started('CE v1.577.0', withHook)
    const { http_triggers } = server.workspace
    server.fault = ({ method, path }) => {
      const kept = http_triggers.get(/http_triggers\/get\/(.+)$/.exec(path)?.[1] ?? '')
      if (method !== 'GET' || !kept) return undefined
      return { status: 200, text: JSON.stringify({ ...kept, mode: undefined }) }
    }
    await deploy(root, env)
    expect(http_triggers.get('f/shop/hook')).toMatchObject({ mode: 'disabled', enabled: false })
    http_triggers.set('f/shop/hook', { ...http_triggers.get('f/shop/hook'), enabled: true })
    expect(acted(await deploy(root, env))).toEqual([])
  })

  it('that keeps archived scripts gets them back after they were removed', async () => {
    const { server, env, root } = await started('CE v1.600.0', {})
    await deploy(root, env)
    await remove(root, env)
    expect(server.workspace.scripts.get('f/shop/greet')?.at(-1)).toMatchObject({ archived: true })
    expect(acted(await deploy(root, env))).toContain('create f/shop/greet')
    expect(server.workspace.scripts.get('f/shop/greet')?.at(-1)).toMatchObject({ archived: false })
  })
})
