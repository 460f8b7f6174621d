import { DeployError } from './deploy-error.ts'
import type { Fields, Item, Kind } from './items.ts'
import { isDeployed } from './same.ts'
import type { Server } from './server.ts'
import { type DeploySettings, secretSetting } from './settings.ts'

export type Action = 'create' | 'change' | 'keep'

/** What is to be done to one item; `fields` is what it shall be then. */
export interface Step {
  item: Item
  action: Action
  fields: Fields
  /** What somebody should know about it. */
  note?: string
}

const addresses: Record<Kind, (path: string) => string> = {
  folder: (path) => `w/folders/get/${path.slice('f/'.length)}`,
  'resource type': (path) => `w/resources/type/get/${path}`,
  variable: (path) => `w/variables/get/${path}?decrypt_secret=false`,
  resource: (path) => `w/resources/get/${path}`,
  script: (path) => `w/scripts/get/p/${path}`,
  flow: (path) => `w/flows/get/${path}`,
  schedule: (path) => `w/schedules/get/${path}`,
  'http trigger': (path) => `w/http_triggers/get/${path}`,
}

/** What the server keeps under the path of an item; undefined where there is nothing. */
export async function findItem(server: Server, { kind, path }: Item): Promise<Fields | undefined> {
  const found = (await server.find(addresses[kind](path))) as Fields | undefined
  return found?.archived === true ? undefined : found
}

/** Compares every item with the server's. Nothing is changed. */
export async function planOf(
  server: Server,
  items: Item[],
  settings: DeploySettings,
): Promise<Step[]> {
  const steps: Step[] = []
  // A few at a time: quick enough, and no burst that a proxy would refuse.
  for (let from = 0; from < items.length; from += 8) {
    const some = items.slice(from, from + 8)
    steps.push(...(await Promise.all(some.map((item) => stepOf(server, item, settings)))))
  }
  return steps
}

async function stepOf(server: Server, item: Item, settings: DeploySettings): Promise<Step> {
  const there = await findItem(server, item)
  const { kind, fields } = item
  if (kind === 'variable') return variableStep(server, item, there, settings)
  if (kind === 'resource') return resourceStep(item, there, settings)
  if (there === undefined) return { item, action: 'create', fields: { ...fields, ...off(item) } }
  // Who may see a folder is the workspace's own affair once it is there.
  if (kind === 'folder') return { item, action: 'keep', fields }
  const wanted = { ...fields, ...ownState(kind, there) }
  if (isDeployed(without(missing(kind, there), wanted), there))
    return { item, action: 'keep', fields: wanted }
  return { item, action: 'change', fields: wanted }
}

/** What older servers have no place for, in what starts something: nobody can compare it. */
const missing = (kind: Kind, there: Fields) =>
  isStarter(kind) ? ['description', 'mode'].filter((key) => !(key in there)) : []

const without = (keys: string[], fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)))

const isStarter = (kind: Kind) => kind === 'schedule' || kind === 'http trigger'

/** Whether a schedule or trigger is on is decided on the server, once it is there. */
function ownState(kind: Kind, there: Fields): Fields {
  if (kind === 'http trigger' && there.mode !== undefined) return { mode: there.mode }
  return isStarter(kind) && there.enabled !== undefined ? { enabled: there.enabled } : {}
}

/** Servers that do not know `mode` yet take a trigger to be on, unless they are told in their way. */
const off = ({ kind, fields }: Item): Fields =>
  kind === 'http trigger' && fields.mode === 'disabled' ? { enabled: false } : {}

/** A secret is read back, so that giving it again changes nothing; it goes nowhere from here. */
async function variableStep(
  server: Server,
  item: Item,
  there: Fields | undefined,
  { secrets }: DeploySettings,
): Promise<Step> {
  const { path, fields } = item
  const name = nameOf(path)
  const value = secrets.get(name)
  if (there === undefined) {
    if (value !== undefined) return { item, action: 'create', fields: { ...fields, value } }
    if (fields.is_secret !== true) return { item, action: 'create', fields }
    if (name === 'api_token') {
      throw new DeployError(
        `${secretSetting(name)} is not set, and the workspace has no ${path} yet: set it to what ` +
          '"npx devgodzilla token create --name windmill --role member --service" prints.',
      )
    }
    const note = `empty: set ${secretSetting(name)} and deploy again, or set it in Windmill`
    return { item, action: 'create', fields, note }
  }
  if (value === undefined) return { item, action: 'keep', fields: {} }
  const current = await server.find(`w/variables/get_value/${path}`)
  if (current === value) return { item, action: 'keep', fields: {} }
  return { item, action: 'change', fields: { value } }
}

/** A resource that is there keeps its value, but for the address of the API where one is given. */
function resourceStep(item: Item, there: Fields | undefined, { apiUrl }: DeploySettings): Step {
  const isApi = nameOf(item.path) === 'api'
  const given = isApi && apiUrl !== undefined ? { base_url: apiUrl } : {}
  if (there === undefined) {
    if (isApi && apiUrl === undefined) {
      throw new DeployError(
        `DEVGODZILLA_URL is not set, and the workspace has no ${item.path} yet: set it to the ` +
          'address at which Windmill workers reach the API, such as http://devgodzilla:8787.',
      )
    }
    const value = { ...(item.fields.value as Fields), ...given }
    return { item, action: 'create', fields: { ...item.fields, value }, ...nearby(isApi, apiUrl) }
  }
  const current = there.value as Fields
  if (isDeployed(given, current ?? {})) return { item, action: 'keep', fields: {} }
  return {
    item,
    action: 'change',
    fields: { value: { ...current, ...given } },
    ...nearby(isApi, apiUrl),
  }
}

function nearby(isApi: boolean, apiUrl: string | undefined): { note?: string } {
  const host = isApi && apiUrl ? new URL(apiUrl).hostname : ''
  if (!/^(localhost|127\.|\[::1\])/.test(host)) return {}
  return { note: `${host} is the worker itself: only workers on the API's own machine reach it` }
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
