import { archiveOf } from './archive.ts'
import { withDefaults } from './flow-defaults.ts'
import { runPreview } from './preview.ts'
import {
  type Fields,
  interpolated,
  type StoredWorkspace,
  type Versions,
} from './stored-workspace.ts'

/** An answer other than success, in the words of Windmill. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface Answer {
  status?: number
  body: unknown
}

const ok = (body: unknown): Answer => ({ body })
const created = (body: string): Answer => ({ status: 201, body })

export interface Request {
  method: string
  /** With the query, below `/api`. */
  path: string
  body: string
}

interface Served {
  version: string
  workspaceId: string
  workspace: StoredWorkspace
}

/** Answers one request. @throws Refusal */
export async function routes(server: Served, request: Request): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.path, 'http://windmill/')
  const path = decodeURIComponent(pathname.slice(1))
  const body = (): Fields => JSON.parse(request.body) as Fields
  if (path === 'version') return ok(server.version)
  if (path === 'users/whoami') return ok(user)
  if (path === 'workspaces/users') {
    return ok({ email: user.email, workspaces: [{ id: server.workspaceId, name: 'Plant' }] })
  }
  if (path === 'workspaces/exists') return ok(body().id === server.workspaceId)
  const [, workspaceId, rest = ''] = /^w\/([^/]+)\/(.*)$/.exec(path) ?? []
  if (workspaceId !== server.workspaceId) throw new Refusal(401, 'Unauthorized')
  const asked = `${request.method} ${rest}`
  const { workspace } = server
  for (const [pattern, handle] of handlers) {
    const match = pattern.exec(asked)
    if (match) return handle(workspace, match[1] ?? '', body, searchParams)
  }
  throw new Refusal(404, `Not found: no route ${asked}`)
}

const user = {
  email: 'ops@plant.example',
  username: 'ops',
  is_admin: true,
  is_super_admin: false,
  operator: false,
  disabled: false,
  groups: ['all'],
  folders: [],
  folders_owners: [],
}

type Handle = (
  workspace: StoredWorkspace,
  path: string,
  body: () => Fields,
  query: URLSearchParams,
) => Answer | Promise<Answer>

const handlers: [RegExp, Handle][] = [
  [/^GET users\/whoami$/, () => ok(user)],
  [/^GET users\/list$/, () => ok([user])],
  [/^GET workspaces\/list_ws_specific$/, () => ok([])],
  [/^GET resources\/file_resource_type_to_file_ext_map$/, () => ok({})],
  [/^GET workspaces\/tarball$/, (workspace, _, __, query) => ok(archiveOf(workspace, query))],
  [/^GET jobs\/(?:queue|completed)\/list$/, () => ok([])],
  [
    /^POST jobs\/run\/preview$/,
    async (workspace, _, body) => created(await runPreview(workspace, body())),
  ],
  [
    /^GET jobs_u\/completed\/get_result_maybe\/(.+)$/,
    (workspace, id) => {
      const job = workspace.jobs.get(id)
      return ok(
        job ? { started: true, completed: true, ...job } : { started: false, completed: false },
      )
    },
  ],
  [/^POST jobs_u\/queue\/cancel\/(.+)$/, (_, id) => ok(id)],
  ...documents('folders', ({ folders }) => folders, 'name'),
  ...documents('resources\\/type', ({ resourceTypes }) => resourceTypes, 'name'),
  [
    /^GET variables\/get_value\/(.+)$/,
    ({ variables }, path) => ok(JSON.stringify(existing(variables, path).value)),
  ],
  [
    /^GET variables\/get\/(.+)$/,
    ({ variables }, path) => {
      const { value, ...variable } = existing(variables, path)
      return ok(variable.is_secret ? variable : { ...variable, value })
    },
  ],
  ...documents('variables', ({ variables }) => variables, 'path'),
  [
    /^GET resources\/get_value_interpolated\/(.+)$/,
    (workspace, path) => ok(interpolated(workspace, existing(workspace.resources, path).value)),
  ],
  ...documents('resources', ({ resources }) => resources, 'path'),
  ...documents('schedules', ({ schedules }) => schedules, 'path'),
  [
    /^POST schedules\/setenabled\/(.+)$/,
    ({ schedules }, path, body) => {
      schedules.set(path, { ...existing(schedules, path), enabled: body().enabled })
      return ok(path)
    },
  ],
  ...documents('http_triggers', ({ http_triggers }) => http_triggers, 'path'),
  [/^GET scripts\/get\/p\/(.+)$/, ({ scripts }, path) => ok(newest(scripts, path))],
  [/^GET scripts\/list$/, ({ scripts }, _, __, query) => ok(listed(scripts, query))],
  [
    /^POST scripts\/create$/,
    ({ scripts }, _, body) => {
      const script = body()
      const path = String(script.path)
      const versions = scripts.get(path) ?? []
      const hash = `${path.length}${versions.length}`.padStart(16, '0')
      scripts.set(path, [...versions, { ...script, hash, archived: false }])
      return created(hash)
    },
  ],
  [
    /^POST scripts\/archive\/p\/(.+)$/,
    ({ scripts }, path) => {
      const script = newest(scripts, path)
      script.archived = true
      return ok(String(script.hash))
    },
  ],
  [/^DELETE flows\/delete\/(.+)$/, ({ flows }, path) => ok(String(flows.delete(path)))],
  [/^GET flows\/get\/(.+)$/, ({ flows }, path) => ok(newest(flows, path))],
  [/^GET flows\/list$/, ({ flows }, _, __, query) => ok(listed(flows, query))],
  [
    /^POST flows\/(?:create|update\/.+)$/,
    ({ flows }, _, body) => {
      const flow = body()
      const path = String(flow.path)
      flows.set(path, [...(flows.get(path) ?? []), { ...withDefaults(flow), archived: false }])
      return created(path)
    },
  ],
]

/** The routes that every plain kind of thing has. */
function documents(
  name: string,
  of: (workspace: StoredWorkspace) => Map<string, Fields>,
  key: 'name' | 'path',
): [RegExp, Handle][] {
  return [
    [
      new RegExp(`^GET ${name}\\/get\\/(.+)$`),
      (workspace, path) => ok(existing(of(workspace), path)),
    ],
    [
      new RegExp(`^POST ${name}\\/create$`),
      (workspace, _, body) => {
        const document = body()
        const path = String(document[key])
        if (of(workspace).has(path)) throw new Refusal(400, `Bad request: ${path} already exists`)
        of(workspace).set(path, document)
        return created(path)
      },
    ],
    [
      new RegExp(`^POST ${name}\\/update\\/(.+)$`),
      (workspace, path, body) => {
        of(workspace).set(path, { ...existing(of(workspace), path), ...body() })
        return ok(path)
      },
    ],
    [
      new RegExp(`^DELETE ${name}\\/delete\\/(.+)$`),
      (workspace, path) => ok(String(of(workspace).delete(path))),
    ],
  ]
}

function existing(documents: Map<string, Fields>, path: string): Fields {
  const found = documents.get(path)
  if (!found)
    throw new Refusal(404, `Not found: ${path} not found @windmill-common/src/utils.rs:142:9`)
  return found
}

function newest(items: Map<string, Versions>, path: string): Fields {
  const found = items.get(path)?.at(-1)
  if (!found) throw new Refusal(404, `Not found: nothing at name ${path}`)
  return found
}

function listed(items: Map<string, Versions>, query: URLSearchParams): Fields[] {
  const start = query.get('path_start') ?? ''
  return [...items]
    .filter(([path, versions]) => path.startsWith(start) && !versions.at(-1)?.archived)
    .map(([path]) => ({ path }))
}
