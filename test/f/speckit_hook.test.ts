import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { main as hookedSpec } from '../../f/devgodzilla/spec/hooked_spec.ts'
import { authenticateRequest } from '../../scripts/local-windmill/triggers/authenticate-request.ts'
import { checkHttpTrigger } from '../../scripts/local-windmill/triggers/check-http-trigger.ts'
import type { Json } from '../support/api.ts'
import { testDatabase } from '../support/database.ts'
import { answer, apiThat, listed } from './support/api-server.ts'
import { project } from './support/entities.ts'
import { repositoryWith, writeFiles } from './support/git-repositories.ts'
import { startInstallation } from './support/installation.ts'

const workspace = fileURLToPath(new URL('../../f/devgodzilla/', import.meta.url))
const document = async (name: string) => parse(await readFile(join(workspace, name), 'utf8'))

it('a hook that comes through Windmill has its spec read again, or says why not', async () => {
  const house = await startInstallation((await testDatabase()).url)
  onTestFinished(() => house.close())
  const local_path = await repositoryWith({ 'specs/001-shop/tasks.md': '- [ ] T001 Open\n' })
  const project = await house.ask<Json>('POST', '/projects', {
    ...{ slug: 'shop', name: 'Shop', local_path },
  })
  const hook = { project: 'shop', event: 'tasks_changed' }
  expect(
    await house.runFlow('speckit_hook', { ...hook, file: 'specs/001-shop/tasks.md' }),
  ).toMatchObject({ status: 200, result: { created: 1 } })
  // Agents are given a plan to read, also where no files are kept beside the database.
  const documents = async () =>
    (await house.ask<Json>('GET', `/projects/${project.id}/documents`)).items
  expect(await documents()).toMatchObject([{ path: 'specs/001-shop/tasks.md' }])
  await writeFiles(local_path, {
    ...{ 'specs/001-shop/plan.md': '# Plan\n', 'specs/002-new/plan.md': '# New\n' },
  })
  expect(
    await house.runFlow('speckit_hook', { ...hook, file: 'specs/001-shop/plan.md' }),
  ).toMatchObject({ status: 200, result: { created: 0, unchanged: 1 } })
  expect(await documents()).toMatchObject([
    ...[{ path: 'specs/001-shop/tasks.md' }, { path: 'specs/001-shop/plan.md' }],
  ])
  expect(
    await house.runFlow('speckit_hook', { ...hook, file: 'specs/002-new/plan.md' }),
  ).toMatchObject({
    status: 200,
    result: { project_id: null, says: expect.stringContaining('tasks.md') },
  })
})

it.each([
  ['the installation', { ready: false, settings: {} }],
  ['the project', { ready: true, settings: { sprint_integration: false } }],
])('a hook is ignored while the integration of %s is off', async (_whose, { ready, settings }) => {
  const { api } = await apiThat({
    'GET /ready': answer({ sprint_integration: ready }),
    'GET /projects': listed([project({ settings })]),
  })
  expect(await hookedSpec(api, 'sample', 'specs/001/tasks.md')).toMatchObject({
    ...{ project_id: null, says: expect.stringContaining('off') },
  })
})

it('an unknown project, or a hook without a path, is refused', async () => {
  const { api } = await apiThat({ 'GET /projects': listed([]) })
  await expect(hookedSpec(api, 'sample', 'specs/001/tasks.md')).rejects.toThrow(/no project sample/)
  await expect(hookedSpec(api, 'sample')).rejects.toThrow(/neither a file nor a spec_path/)
})

it('its trigger lets in who signs as the extension does, and is off until somebody turns it on', async () => {
  const trigger = await document('speckit_hook.http_trigger.yaml')
  const path = 'f/devgodzilla/speckit_hook'
  expect(checkHttpTrigger(path, trigger)).toMatchObject({ value: null, faults: [] })
  const on = checkHttpTrigger(path, { ...trigger, mode: 'enabled' }).value
  expect(on).toMatchObject({ authentication_resource_path: 'f/devgodzilla/speckit_signature' })

  const { value } = await document('speckit_signature.resource.yaml')
  const body = '{"project":"shop"}'
  const letIn = (secret: string, known: string) => {
    const code = createHmac('sha256', secret).update(body).digest('hex')
    const headers = new Headers({ 'X-DevGodzilla-Signature': `sha256=${code}` })
    authenticateRequest('signature', { ...value, secret_key: known }, headers, body)
  }
  expect(() => letIn('secret', 'secret')).not.toThrow()
  expect(() => letIn('guessed', 'secret')).toThrow()
  expect(() => letIn('', ''), 'an empty secret lets nobody in').toThrow()
})
