import { expect, it, onTestFinished } from 'vitest'
import { bootstrap } from '../../../scripts/windmill-deploy/bootstrap.ts'
import { type Item, readItems } from '../../../scripts/windmill-deploy/items.ts'
import { planOf } from '../../../scripts/windmill-deploy/plan.ts'
import { serverOf } from '../../../scripts/windmill-deploy/server.ts'
import { deploySettings } from '../../../scripts/windmill-deploy/settings.ts'
import {
  type WindmillServer,
  windmillServer,
} from '../../support/windmill-server/windmill-server.ts'
import { environment, smallWorkspace } from './small-workspace.ts'

async function started(): Promise<{ server: WindmillServer; items: Item[] }> {
  const server = await windmillServer()
  onTestFinished(() => server.close())
  return { server, items: await readItems(await smallWorkspace()) }
}

/** Sets up folder, types, variables and resources alone. */
async function setUp(server: WindmillServer, items: Item[], env: NodeJS.ProcessEnv) {
  const settings = deploySettings({ ...environment(server), ...env }, ['api_token', 'git_token'])
  const steps = await planOf(serverOf(settings), items, settings)
  await bootstrap(serverOf(settings), steps)
  return steps
}

it('leaves values that are there, whatever the files say, while none is given', async () => {
  const { server, items } = await started()
  await setUp(server, items, {})
  const { variables, resources } = server.workspace
  const own = { base_url: 'https://elsewhere', token: '$var:u/ops/mine', extra: 1 }
  resources.set('f/shop/api', { ...resources.get('f/shop/api'), value: own })
  const before = server.writes().length
  await setUp(server, items, { DEVGODZILLA_URL: '', DEVGODZILLA_API_TOKEN: '' })
  expect(server.writes()).toHaveLength(before)
  expect(variables.get('f/shop/api_token')?.value).toBe('dz-secret-91c2')
  expect(resources.get('f/shop/api')?.value).toEqual(own)
})

it('changes the token when a new one is given, and the address without what else is there', async () => {
  const { server, items } = await started()
  await setUp(server, items, {})
  const { resources, variables } = server.workspace
  const before = server.writes().length
  await setUp(server, items, {
    DEVGODZILLA_API_TOKEN: 'dz-new',
    DEVGODZILLA_URL: 'https://api.plant/',
  })
  expect(server.writes().slice(before)).toHaveLength(2)
  expect(variables.get('f/shop/api_token')).toMatchObject({ value: 'dz-new', is_secret: true })
  expect(resources.get('f/shop/api')?.value).toEqual({
    base_url: 'https://api.plant',
    token: '$var:f/shop/api_token',
  })
})

it('makes another secret empty and says how to fill it, and fills it then', async () => {
  const { server, items } = await started()
  const steps = await setUp(server, items, {})
  expect(steps.find(({ item }) => item.path === 'f/shop/git_token')?.note).toMatch(
    /empty: set DEVGODZILLA_GIT_TOKEN/,
  )
  await setUp(server, items, { DEVGODZILLA_GIT_TOKEN: 'gh-1' })
  expect(server.workspace.variables.get('f/shop/git_token')?.value).toBe('gh-1')
})

it('says that a loopback address is that of the worker', async () => {
  const { server, items } = await started()
  const steps = await setUp(server, items, { DEVGODZILLA_URL: 'http://127.0.0.1:8787' })
  expect(steps.find(({ item }) => item.path === 'f/shop/api')?.note).toMatch(/the worker itself/)
})
