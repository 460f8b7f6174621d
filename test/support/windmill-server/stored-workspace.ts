export type Fields = Record<string, unknown>

/** What a workspace holds: path, or name, to what was sent last. */
export interface StoredWorkspace {
  folders: Map<string, Fields>
  resourceTypes: Map<string, Fields>
  variables: Map<string, Fields>
  resources: Map<string, Fields>
  scripts: Map<string, Versions>
  flows: Map<string, Versions>
  schedules: Map<string, Fields>
  http_triggers: Map<string, Fields>
  /** Results of preview jobs. */
  jobs: Map<string, { success: boolean; result: unknown }>
}

/** What a script or flow was, oldest first. */
export type Versions = Fields[]

export const emptyWorkspace = (): StoredWorkspace => ({
  folders: new Map(),
  resourceTypes: new Map(),
  variables: new Map(),
  resources: new Map(),
  scripts: new Map(),
  flows: new Map(),
  schedules: new Map(),
  http_triggers: new Map(),
  jobs: new Map(),
})

/** A value with what its `$res:` and `$var:` stand for, as a worker gets it. */
export function interpolated(workspace: StoredWorkspace, value: unknown): unknown {
  if (typeof value === 'string') {
    if (value.startsWith('$var:')) return workspace.variables.get(value.slice(5))?.value
    if (!value.startsWith('$res:')) return value
    return interpolated(workspace, workspace.resources.get(value.slice(5))?.value)
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, it]) => [key, interpolated(workspace, it)])
  return Object.fromEntries(entries)
}
