import { expect, it, onTestFinished } from 'vitest'
import { readItems } from '../../../scripts/windmill-deploy/items.ts'
import { remove } from '../../../scripts/windmill-deploy/remove.ts'
import { windmillServer } from '../../support/windmill-server/windmill-server.ts'
import { environment, smallWorkspace } from './small-workspace.ts'

it('takes away what our files name, starters first, and leaves the rest with its folder', async () => {
  const server = await windmillServer()
  onTestFinished(() => server.close())
  const root = await smallWorkspace()
  const { workspace } = server
  for (const { kind, path, fields } of await readItems(root)) {
    if (kind === 'folder') workspace.folders.set('shop', fields)
    if (kind === 'resource type') workspace.resourceTypes.set(path, fields)
    if (kind === 'variable') workspace.variables.set(path, fields)
    if (kind === 'resource') workspace.resources.set(path, fields)
    if (kind === 'script') workspace.scripts.set(path, [fields])
    if (kind === 'flow') workspace.flows.set(path, [fields])
    if (kind === 'schedule') workspace.schedules.set(path, fields)
  }
  workspace.scripts.set('f/shop/somebodys', [{ content: 'main' }])
  const env = { ...environment(server), DEVGODZILLA_URL: '', DEVGODZILLA_API_TOKEN: '' }

  const dry = await remove(root, env, { dryRun: true })
  expect(server.writes()).toEqual([])
  const removed = await remove(root, env)
  expect(removed.items).toEqual(dry.items)
  expect(removed.items.map(({ kind }) => kind)).toEqual([
    ...['schedule', 'flow', 'script', 'resource', 'variable', 'variable', 'resource type'],
  ])
  const archived = workspace.scripts.get('f/shop/greet')?.at(-1)?.archived
  expect(archived, 'its versions stay, as Windmill keeps them').toBe(true)
  workspace.scripts.delete('f/shop/greet')
  const left = Object.values(workspace).flatMap((kept: Map<string, unknown>) => [...kept.keys()])
  expect(left).toEqual(['shop', 'f/shop/somebodys'])
  expect((await remove(root, env)).items).toEqual([])
})
