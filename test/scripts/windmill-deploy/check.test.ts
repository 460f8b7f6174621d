import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { checkReach } from '../../../scripts/windmill-deploy/check.ts'
import { serverOf } from '../../../scripts/windmill-deploy/server.ts'
import { deploySettings } from '../../../scripts/windmill-deploy/settings.ts'
import { testApi } from '../../support/api.ts'
import { windmillServer } from '../../support/windmill-server/windmill-server.ts'
import { apiToken, environment } from './small-workspace.ts'

/** What the check says where the resource names an API at `base_url`. */
async function checked(base_url: string, token = apiToken): Promise<string> {
  const standIn = await windmillServer()
  onTestFinished(() => standIn.close())
  const { variables, resources, jobs } = standIn.workspace
  variables.set('f/devgodzilla/api_token', { value: token, is_secret: true })
  const value = { base_url, token: '$var:f/devgodzilla/api_token' }
  resources.set('f/devgodzilla/api', { value })
  const server = serverOf(deploySettings(environment(standIn), []))
  const outcome = checkReach(server, { timeout: 2000, every: 20 })
  await outcome.catch(() => undefined)
  expect(JSON.stringify([...jobs.values()])).not.toContain(token)
  return outcome
}

const api = await testApi()

it('finds an API that is ready, with a token that is good', async () => {
  expect(await checked(api.url, api.adminToken)).toContain(`reaches ${api.url}`)
  await expect(checked(api.url)).rejects.toThrow(/token is not good \(401\): set DEVGODZILLA_API/)
})

it('says why an API is not reached', async () => {
  await expect(checked('http://127.0.0.1:1')).rejects.toThrow(
    /does not reach http:\/\/127.0.0.1:1 \(.*DEVGODZILLA_HOST/,
  )
})

it('says that what is reached is not ready', async () => {
  const api = createServer((_, response) => response.writeHead(503).end())
  await new Promise<void>((done) => api.listen(0, '127.0.0.1', done))
  onTestFinished(() => void api.close())
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
  await expect(checked(url)).rejects.toThrow(/\/ready and got 503/)
})

it('says that no worker takes the job, and takes it back', async () => {
  const standIn = await windmillServer()
  onTestFinished(() => standIn.close())
  standIn.fault = ({ path }) =>
    path.endsWith('run/preview') ? { status: 201, text: 'never' } : undefined
  const server = serverOf(deploySettings(environment(standIn), []))
  const waiting = checkReach(server, { timeout: 50, every: 10 })
  await expect(waiting).rejects.toThrow(/start a worker that takes jobs with the tag bun/)
  expect(standIn.requests.at(-1)?.path).toBe('w/plant/jobs_u/queue/cancel/never')
})
