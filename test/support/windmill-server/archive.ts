import { strToU8, zipSync } from 'fflate'
import type { Fields, StoredWorkspace } from './stored-workspace.ts'

/** The workspace as `workspaces/tarball?archive_type=zip` answers it. */
export function archiveOf(workspace: StoredWorkspace, query: URLSearchParams): Uint8Array {
  const files: Record<string, Uint8Array> = {}
  const add = (name: string, content: unknown) => {
    files[name] = strToU8(typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  }
  const asked = (name: string) => query.get(name) === 'true'
  for (const [name, folder] of workspace.folders) add(`f/${name}/folder.meta.json`, plain(folder))
  for (const [path, versions] of workspace.scripts) {
    const { content, summary, description, schema, lock, kind, archived } = versions.at(-1) ?? {}
    if (archived) continue
    add(`${path}.ts`, content)
    add(`${path}.script.json`, { summary, description, schema, lock, kind })
  }
  for (const [path, versions] of workspace.flows) {
    add(`${path}.flow.json`, plain(versions.at(-1) ?? {}))
  }
  if (!asked('skip_resources')) {
    for (const [path, it] of workspace.resources) add(`${path}.resource.json`, plain(it))
  }
  if (!asked('skip_resource_types')) {
    for (const [name, it] of workspace.resourceTypes) add(`${name}.resource-type.json`, plain(it))
  }
  if (!asked('skip_variables')) {
    for (const [path, it] of workspace.variables) {
      if (!(asked('skip_secrets') && it.is_secret)) add(`${path}.variable.json`, plain(it))
    }
  }
  if (asked('include_schedules')) {
    for (const [path, it] of workspace.schedules) add(`${path}.schedule.json`, plain(it))
  }
  if (asked('include_triggers')) {
    for (const [path, it] of workspace.http_triggers) add(`${path}.http_trigger.json`, plain(it))
  }
  return zipSync(files)
}

const left = ['path', 'name', 'archived', 'hash']

/** Without what Windmill leaves out of an export. */
const plain = (document: Fields): Fields =>
  Object.fromEntries(Object.entries(document).filter(([key]) => !left.includes(key)))
