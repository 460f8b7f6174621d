import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { WindmillServer } from '../../support/windmill-server/windmill-server.ts'

export const apiToken = 'dz-secret-91c2'

export const environment = (server: WindmillServer): NodeJS.ProcessEnv => ({
  WINDMILL_BASE_URL: server.url,
  WINDMILL_TOKEN: server.token,
  WINDMILL_WORKSPACE: server.workspaceId,
  DEVGODZILLA_URL: 'http://devgodzilla.plant:8787',
  DEVGODZILLA_API_TOKEN: apiToken,
})

export const nightly = `
schedule: 0 0 4 * * *
timezone: UTC
script_path: f/shop/open
is_flow: true
enabled: false
args: {}
`

export const hook = `
script_path: f/shop/open
is_flow: true
route_path: shop
http_method: post
request_type: async
authentication_method: windmill
is_static_website: false
mode: disabled
`

const sound: Record<string, string> = {
  'c_shop_api.resource-type.yaml': 'description: A shop.\nschema: { type: object }\n',
  'f/shop/folder.meta.yaml': 'display_name: shop\nowners: [g/all]\nextra_perms: { g/all: true }\n',
  'f/shop/api_token.variable.yaml': 'is_secret: true\nvalue: ""\ndescription: The token.\n',
  'f/shop/git_token.variable.yaml': 'is_secret: true\nvalue: ""\ndescription: Of the host.\n',
  'f/shop/api.resource.yaml':
    'resource_type: c_shop_api\nvalue: { base_url: http://127.0.0.1:1, token: $var:f/shop/api_token }\n',
  'f/shop/greet.ts': 'export async function main(name: string) { return name }\n',
  'f/shop/greet.script.yaml':
    "summary: Greet\ndescription: ''\nlock: '!inline f/shop/greet.script.lock'\nkind: script\n" +
    'schema: { type: object, properties: { name: { type: string } }, required: [name] }\n',
  'f/shop/greet.script.lock': '{\n  "dependencies": {}\n}\n//bun.lock\n<empty>',
  'f/shop/open__flow/flow.yaml': `
summary: Open
value:
  modules:
    - id: first
      retry: { constant: { attempts: 1, seconds: 1 } }
      stop_after_if: { expr: result === 'stop' }
      value: { type: script, path: f/shop/greet, input_transforms: { name: { type: static, value: you } } }
`,
  'f/shop/nightly.schedule.yaml': nightly,
}

/** A workspace of one thing of each kind, quicker to deploy than ours. */
export async function smallWorkspace(changed: Record<string, string> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'windmill-deploy-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [path, content] of Object.entries({ ...sound, ...changed })) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return folder
}
