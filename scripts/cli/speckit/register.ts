import { createHash } from 'node:crypto'
import { type Document, isMap, isSeq, YAMLMap, YAMLSeq } from 'yaml'
import { CliError } from '../../connect/client.ts'
import type { Changes } from './changes.ts'
import { id, type Manifest } from './extension.ts'
import { editYaml, readYaml } from './yaml-file.ts'

const hooksFile = '.specify/extensions.yml'
const registryFile = '.specify/extensions/.registry'

/**
 * Registers the extension as Spec Kit itself does: its hooks in extensions.yml, where agents look
 * for them, and itself in the registry. What others have put there stays as it is.
 */
export async function register(changes: Changes, manifest: Manifest): Promise<void> {
  await editYaml(changes, hooksFile, (document) => {
    const installed = listAt(document, 'installed')
    const names: unknown[] = installed.toJSON()
    if (!names.includes(id)) {
      const after = names.findIndex((name) => String(name) > id)
      installed.items.splice(after < 0 ? names.length : after, 0, document.createNode(id))
    }
    if (!document.has('settings')) document.set('settings', { auto_execute_hooks: true })
    for (const [event, hook] of Object.entries(manifest.hooks)) {
      const entry = {
        ...{ extension: id, command: hook.command, enabled: true, optional: hook.optional },
        ...{ priority: 10, prompt: `Execute ${hook.command}?` },
        ...{ description: hook.description, condition: null },
      }
      const hooks = listAt(document, 'hooks', event)
      // One that somebody has switched off, or moved, stays so.
      if (!hooks.toJSON().some(isOurs)) hooks.add(document.createNode(entry))
    }
  })
  await editRegistry(changes, (extensions) => {
    const hash = createHash('sha256').update(manifest.text).digest('hex')
    const known = extensions[id]
    extensions[id] = {
      ...{ source: 'local', enabled: true, priority: 10 },
      ...{ registered_commands: {}, registered_skills: [] },
      ...{ installed_at: new Date().toISOString() },
      ...known,
      ...{ version: manifest.version, manifest_hash: `sha256:${hash}` },
    }
  })
}

export async function unregister(changes: Changes): Promise<void> {
  await editYaml(changes, hooksFile, (document) => {
    const { installed, hooks } = Object(document.toJSON())
    if (Array.isArray(installed)) dropFrom(listAt(document, 'installed'), (it) => it === id)
    for (const [event, entries] of Object.entries(Object(hooks))) {
      if (!Array.isArray(entries) || !entries.some(isOurs)) continue
      const list = listAt(document, 'hooks', event)
      dropFrom(list, isOurs)
      if (list.items.length === 0) document.deleteIn(['hooks', event])
    }
  })
  await editRegistry(changes, (extensions) => {
    delete extensions[id]
  })
}

/** Whether agents find the hooks of the extension. */
export async function isRegistered(changes: Changes, manifest: Manifest): Promise<boolean> {
  const { hooks } = Object((await readYaml(changes, hooksFile)).toJSON())
  return Object.keys(manifest.hooks).every((event) => {
    const entries = Object(hooks)[event]
    return Array.isArray(entries) && entries.some(isOurs)
  })
}

const isOurs = (entry: unknown) => Object(entry).extension === id

/** The list at a path, made where there is none. @throws CliError where something else is there */
function listAt(document: Document, ...path: string[]): YAMLSeq {
  for (let depth = 1; depth <= path.length; depth++) {
    const here = path.slice(0, depth)
    const found = document.getIn(here)
    if (depth === path.length && isSeq(found)) return found
    if (depth < path.length && isMap(found)) continue
    if (found !== undefined && found !== null) {
      throw new CliError(`${hooksFile}: ${here.join('.')} is not what it should be: mend it.`)
    }
    document.setIn(here, depth === path.length ? new YAMLSeq() : new YAMLMap())
  }
  return document.getIn(path) as YAMLSeq
}

function dropFrom(list: YAMLSeq, isGone: (item: unknown) => boolean): void {
  const values: unknown[] = list.toJSON()
  list.items = list.items.filter((_, at) => !isGone(values[at]))
}

type Registry = Record<string, Record<string, unknown>>

async function editRegistry(changes: Changes, edit: (extensions: Registry) => void): Promise<void> {
  const text = await changes.read(registryFile)
  let registry: { schema_version: string; extensions: Registry }
  try {
    const read = Object(JSON.parse(text ?? '{}'))
    registry = { schema_version: '1.0', ...read, extensions: { ...read.extensions } }
  } catch (error) {
    throw new CliError(`${registryFile} is not JSON: mend or remove it.`, { cause: error })
  }
  const before = JSON.stringify(registry)
  edit(registry.extensions)
  if (JSON.stringify(registry) === before) return
  await changes.write(registryFile, `${JSON.stringify(registry, null, 2)}\n`)
}
