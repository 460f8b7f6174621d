import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished } from 'vitest'

export const flowFile = 'f/shop/open__flow/flow.yaml'
export const scriptFile = 'f/shop/greet.ts'
export const metadataFile = 'f/shop/greet.script.yaml'
export const lockFile = 'f/shop/greet.script.lock'

/** Of a script that needs `loud-words`, as bun writes it. */
const lock = `{
  "dependencies": {
    "loud-words": "2.0.1"
  }
}
//bun.lock
{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "dependencies": {
        "loud-words": "2.0.1",
      },
    },
  },
  "packages": {
    "@big/letters": ["@big/letters@1.1.0", "", {}, "sha512-bb"],

    "loud-words": ["loud-words@2.0.1", "", { "dependencies": { "@big/letters": "^1.0.0" } }, "sha512-aa"],
  }
}
`

/** A trigger without a fault. */
export const door = `
script_path: f/shop/open
is_flow: true
route_path: shop/door
http_method: post
request_type: async
authentication_method: signature
authentication_resource_path: f/shop/other
is_static_website: false
workspaced_route: true
wrap_body: false
raw_string: true
error_handler_path: script/f/shop/greet
`

/** A small workspace without a fault; every test breaks one thing in it. */
const sound: Record<string, string> = {
  'c_shop.resource-type.yaml': `
schema: { type: object, properties: { url: { type: string }, token: { type: string } }, required: [url] }
`,
  'f/shop/folder.meta.yaml': 'display_name: shop\nowners: []\nextra_perms: {}\n',
  'f/shop/till.resource.yaml': `
resource_type: c_shop
value: { url: http://127.0.0.1, token: $var:f/shop/token }
`,
  'f/shop/other.resource.yaml': 'resource_type: postgresql\nvalue: {}\n',
  'f/shop/token.variable.yaml': "is_secret: true\nvalue: ''\n",
  'package-lock.json': `{ "packages": {
    "node_modules/loud-words":
      { "version": "2.0.1", "dependencies": { "@big/letters": "^1.0.0" }, "integrity": "sha512-aa" },
    "node_modules/@big/letters": { "version": "1.1.0", "integrity": "sha512-bb" }
  } }`,
  [lockFile]: lock,
  'f/shop/lib.script.lock': lock,
  [scriptFile]: `
import { loud } from './lib.ts'
type CShop = { url: string; token: string }
export async function main(
  shop: CShop,
  name: string,
  times = 2,
  mood: 'kind' | 'cross' = 'kind',
  note?: string,
  parcel: { items: { code: string }[] } | null = null,
) { return loud(name) }
`,
  [metadataFile]: `
summary: Greet
lock: '!inline f/shop/greet.script.lock'
kind: script
schema:
  type: object
  order: [shop, name, times, mood, note, parcel]
  properties:
    shop: { type: object, format: resource-c_shop }
    name: { type: string }
    times: { type: integer, default: 2 }
    mood: { type: string, enum: [kind, cross], default: kind }
    note: { type: string, default: null }
    parcel:
      type: object
      default: null
      properties:
        items: { type: array, items: { type: object, properties: { code: { type: string } } } }
  required: [shop, name]
`,
  'f/shop/lib.ts': `
import { format } from 'node:util'
import { shout } from 'loud-words/now'
import type { Quiet } from 'quiet-words'
export const loud = (text: string | Quiet) => shout(format(text))
`,
  'f/shop/lib.script.yaml': `
summary: Shared
lock: '!inline f/shop/lib.script.lock'
kind: script
schema: { type: object, properties: {} }
`,
  [flowFile]: `
summary: Open the shop
schema:
  type: object
  order: [who, guests]
  properties: { who: { type: string }, guests: { type: array } }
  required: [who]
value:
  modules:
    - id: first
      skip_if: { expr: flow_input.who === null }
      stop_after_if: { expr: result === 'stop' && results.first }
      retry: { constant: { attempts: 1, seconds: 1 }, retry_if: { expr: error.name === 'X' } }
      value:
        type: script
        path: f/shop/greet
        input_transforms:
          shop: { type: static, value: $res:f/shop/till }
          name: { type: javascript, expr: flow_input.who }
    - id: each
      value:
        type: forloopflow
        skip_failures: false
        iterator: { type: javascript, expr: "(flow_input.guests ?? []).map((guest) => ({ guest }))" }
        modules:
          - id: inside
            value:
              type: script
              path: f/shop/greet
              input_transforms:
                shop: { type: javascript, expr: resource('f/shop/till') }
                name: { type: javascript, expr: "const { value } = flow_input.iter; return value.guest + results.first + variable('f/shop/token')" }
    - id: choose
      value:
        type: branchone
        branches:
          - expr: results.each.length > Math.max(1, 2)
            modules: [{ id: yes, value: { type: identity } }]
        default: [{ id: no, value: { type: identity } }]
    - id: count
      value:
        type: rawscript
        language: bun
        content: '!inline count.ts'
        input_transforms: { guests: { type: javascript, expr: flow_input.guests } }
    - id: rounds
      stop_after_if: { expr: all_iters.length > 2 }
      stop_after_all_iters_if: { expr: result.length > results.each.length, skip_if_stopped: true }
      value:
        type: whileloopflow
        skip_failures: false
        modules:
          - id: round
            mock: { enabled: false, return_value: 1 }
            suspend: { required_events: 1, timeout: 60 }
            skip_if: { expr: results.round && flow_input.iter.index > 1 }
            value: { type: identity }
    - id: last
      value: { type: flow, path: f/shop/close, input_transforms: { sum: { type: javascript, expr: results.choose } } }
  failure_module:
    id: failure
    value:
      type: script
      path: f/shop/greet
      input_transforms:
        shop: { type: static, value: $res:f/shop/till }
        name: { type: javascript, expr: error.message }
`,
  'f/shop/open__flow/count.ts':
    'export async function main(guests: string[]) { return guests.length }\n',
  'f/shop/close__flow/flow.yaml': `
summary: Close the shop
schema: { type: object, properties: { sum: { type: number } }, required: [sum] }
value:
  skip_expr: flow_input.sum === 0 || flow_env.closed || new Date(WM_SCHEDULED_FOR) > new Date()
  flow_env: { closed: false }
  preprocessor_module:
    id: preprocessor
    value:
      type: rawscript
      language: bun
      content: 'export function preprocessor(event: { body: { sum: number } }) { return event.body }'
      input_transforms: {}
  modules: []
  failure_module: { id: failure, value: { type: identity } }
`,
  'f/shop/nightly.schedule.yaml': `
schedule: 0 0 4 * * *
timezone: UTC
script_path: f/shop/close
is_flow: true
enabled: true
args: { sum: 1 }
`,
  'f/shop/door.http_trigger.yaml': door,
}

export type Edit =
  | { remove: string }
  | { file: string; content: string }
  | { file: string; replace: [string, string] }

export async function workspaceWith(...edits: Edit[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lint-flows-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const files = { ...sound }
  for (const edit of edits) {
    if ('remove' in edit) delete files[edit.remove]
    else if ('content' in edit) files[edit.file] = edit.content
    else {
      const before = files[edit.file] ?? ''
      expect(before).toContain(edit.replace[0])
      files[edit.file] = before.replace(...edit.replace)
    }
  }
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return folder
}

export const inFlow = (...replace: [string, string]): Edit => ({ file: flowFile, replace })
export const inScript = (...replace: [string, string]): Edit => ({ file: scriptFile, replace })
export const inMetadata = (...replace: [string, string]): Edit => ({ file: metadataFile, replace })
