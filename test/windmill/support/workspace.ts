import { randomBytes } from 'node:crypto'
import type {
  CreateResource,
  CreateVariable,
  FlowValue,
  NewHttpTrigger,
  NewSchedule,
  NewScript,
  OpenFlowWPath,
} from 'windmill-client'

/** Everything the suite brings along, as Windmill's own HTTP interface takes it. */
export type Workspace = {
  /** Below `f/`; nothing outside of it is ever touched. */
  folder: string
  scripts: NewScript[]
  flows: OpenFlowWPath[]
  variables: CreateVariable[]
  resources: CreateResource[]
  schedules: NewSchedule[]
  triggers: NewHttpTrigger[]
}

const PREFIX = 'dg_conformance_'

/** Nobody's suite runs for so long; in milliseconds. */
const LONGEST = 3 * 3_600_000

/** Whether a folder is that of a suite that ended hours ago: its name tells when it began. */
export function isAbandoned(folder: string): boolean {
  const began = /^([0-9a-z]+)_[0-9a-f]{8}$/.exec(folder.slice(PREFIX.length))?.[1]
  if (!folder.startsWith(PREFIX) || began === undefined) return false
  return Date.now() - Number.parseInt(began, 36) > LONGEST
}

export function newWorkspace(began = Date.now()): Workspace {
  return {
    folder: `${PREFIX}${began.toString(36)}_${randomBytes(4).toString('hex')}`,
    ...{ scripts: [], flows: [], variables: [], resources: [], schedules: [], triggers: [] },
  }
}

/** What the rules of this test file define while it is read, before a server is opened. */
export const workspace = newWorkspace()

/** The path of an item of the suite's folder. */
export const at = (name: string) => `f/${workspace.folder}/${name}`

let nth = 0

/** A flow, and its path. */
export function flow(value: FlowValue, rest: Partial<OpenFlowWPath> = {}): string {
  const path = at(`flow_${++nth}`)
  workspace.flows.push({ path, summary: '', ...rest, value })
  return path
}

/** A bun script without packages, and its path. */
export function script(name: string, content: string, rest: Partial<NewScript> = {}): string {
  const path = at(name)
  workspace.scripts.push({
    ...{ path, summary: '', description: '', content, language: 'bun', kind: 'script' },
    // Given, so that a server has nothing to look for before the script can run.
    lock: '{\n  "dependencies": {}\n}\n//bun.lock\n<empty>',
    ...rest,
  })
  return path
}

export function variable(name: string, value: string, is_secret = false): string {
  workspace.variables.push({ path: at(name), value, is_secret, description: '' })
  return at(name)
}

export function resource(name: string, value: unknown, resource_type = 'any'): string {
  workspace.resources.push({ path: at(name), value, resource_type, description: '' })
  return at(name)
}

export function schedule(name: string, rest: Omit<NewSchedule, 'path'>): string {
  workspace.schedules.push({ path: at(name), ...rest })
  return at(name)
}

export function httpTrigger(name: string, rest: Omit<NewHttpTrigger, 'path'>): string {
  workspace.triggers.push({ path: at(name), ...rest })
  return at(name)
}
