import { beforeEach, describe, expect, it } from 'vitest'
import { deploy } from '../../../scripts/windmill-deploy/deploy.ts'
import {
  type WindmillServer,
  windmillServer,
} from '../../support/windmill-server/windmill-server.ts'
import { environment, smallWorkspace } from './small-workspace.ts'

let server: WindmillServer
beforeEach(async () => {
  server = await windmillServer()
  return () => server.close()
})

const deployed = async (env: NodeJS.ProcessEnv = {}, files?: Record<string, string>) =>
  deploy(await smallWorkspace(files), { ...environment(server), ...env })

const fails = (path: RegExp, status: number, text = '') => {
  server.fault = (request) => (path.test(request.path) ? { status, text } : undefined)
}

describe('a refusal names the way out and changes nothing:', () => {
  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['no server', { WINDMILL_BASE_URL: '' }, /WINDMILL_BASE_URL is not set/],
    ['a server that is no address', { WINDMILL_BASE_URL: 'plant' }, /must be an address/],
    ['a secret in the address', { WINDMILL_BASE_URL: 'https://a:b@c' }, /without a user/],
    ['a server below a path', { WINDMILL_BASE_URL: 'http://a/wm/' }, /without a path/],
    ['no token', { WINDMILL_TOKEN: '' }, /WINDMILL_TOKEN is not set/],
    ['no workspace', { WINDMILL_WORKSPACE: ' ' }, /WINDMILL_WORKSPACE is not set/],
    ['the name of a workspace', { WINDMILL_WORKSPACE: 'Our Plant' }, /an id/],
    ['a wrong address of the API', { DEVGODZILLA_URL: 'devgodzilla' }, /DEVGODZILLA_URL must be/],
    ['no address of the API', { DEVGODZILLA_URL: '' }, /DEVGODZILLA_URL is not set/],
    ['no token of the API', { DEVGODZILLA_API_TOKEN: '' }, /token create/],
    ['a token that is not good', { WINDMILL_TOKEN: 'old' }, /WINDMILL_TOKEN is not good.*new one/],
    ['another workspace', { WINDMILL_WORKSPACE: 'plants' }, /no workspace plants.*\(plant\)/],
    ['a server that is not there', { WINDMILL_BASE_URL: 'http://127.0.0.1:1' }, /No answer from/],
  ])('%s', async (_, env, message) => {
    await expect(deployed(env)).rejects.toThrow(message)
    expect(server.writes()).toEqual([])
  })

  it.each<[string, RegExp, number, string, RegExp]>([
    [
      'a superadmin without the workspace',
      /workspaces\/exists/,
      200,
      'false',
      /no workspace plant/,
    ],
    ['something that is no Windmill', /version/, 200, '<html>', /does not answer as Windmill/],
    ['an old server', /version/, 200, 'CE v1.318.0', /too old: upgrade it to 1.463/],
    ['a redirect', /version/, 302, '', /sends elsewhere/],
    ['a right that is missing', /folders\/get/, 403, 'Not authorized', /an admin of the workspace/],
    ['a failing server', /scripts\/get/, 500, 'Internal: db', /500.*Internal: db.*run this again/],
    ['a page in place of JSON', /resources\/get/, 200, '<html>', /not JSON/],
  ])('%s', async (_, path, status, text, message) => {
    fails(path, status, text)
    await expect(deployed()).rejects.toThrow(message)
    expect(server.writes()).toEqual([])
  })

  it('TLS that does not come about', async () => {
    const https = server.url.replace('http:', 'https:')
    await expect(deployed({ WINDMILL_BASE_URL: https })).rejects.toThrow(/NODE_EXTRA_CA_CERTS/)
  })

  it('a file that is nothing', async () => {
    await expect(deployed({}, { 'f/shop/notes.txt': 'x' })).rejects.toThrow(/notes\.txt is nothing/)
  })
})

it('takes the address of the interface for that of the server', async () => {
  const { WINDMILL_BASE_URL } = environment(server)
  const env = { ...environment(server), WINDMILL_BASE_URL: `${WINDMILL_BASE_URL}/api/` }
  const dry = await deploy(await smallWorkspace(), env, { dryRun: true })
  expect(dry.server).toBe(WINDMILL_BASE_URL)
})

it('says who was faster', async () => {
  fails(/folders\/create/, 409, 'Conflict: already exists')
  await expect(deployed()).rejects.toThrow(/409.*already exists.*run this again/)
})
