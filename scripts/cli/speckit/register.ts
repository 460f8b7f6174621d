import { createHash } from 'node:crypto'
import { parseDocument, YAMLMap, YAMLSeq } from 'yaml'
import { CliError } from '../client.ts'
import type { Changes } from './changes.ts'
import { id, type Manifest } from './extension.ts'

const hooksFile = '.specify/extensions.yml'
const registryFile = '.specify/extensions/.registry'

/**
 * Registers the extension as Spec Kit itself does: its hooks in extensions.yml, where agents look
 * for them, and itself in the registry. What others have put there stays as it is.
 */
export async function register(changes: Changes, manifest: Manifest): Promise<void> {
  await editHooks(changes, (document) => {
    const installed = listAt(document, ['installed']).toJSON() as unknown[]
    if (!installed.includes(id)) document.setIn(['installed'], [...installed, id].sort())
    if (!document.hasIn(['settings'])) document.setIn(['settings'], { auto_execute_hooks: true })
    for (const [event, hook] of Object.entries(manifest.hooks)) {
      const entry = {
        ...{ extension: id, command: hook.command, enabled: true, optional: hook.optional },
        ...{ priority: 10, prompt: `Execute ${hook.command}?` },
        ...{ description: hook.description, condition: null },
      }
      const hooks = listAt(document, ['hooks', event]).toJSON() as { extension?: string }[]
      // One that somebody has switched off, or moved, stays so.
      if (hooks.some((it) => it.extension === id)) continue
      document.setIn(['hooks', event], [...hooks, entry])
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
  await editHooks(changes, (document) => {
    const installed = listAt(document, ['installed']).toJSON() as string[]
    if (installed.includes(id)) {
      document.setIn(
        ['installed'],
        installed.filter((it) => it !== id),
      )
    }
    const events = document.getIn(['hooks'])
    if (!(events instanceof YAMLMap)) return
    for (const event of Object.keys(events.toJSON())) {
      const hooks = listAt(document, ['hooks', event]).toJSON() as { extension?: string }[]
      const kept = hooks.filter((it) => it.extension !== id)
      if (kept.length === hooks.length) continue
      if (kept.length > 0) document.setIn(['hooks', event], kept)
      else document.deleteIn(['hooks', event])
    }
  })
  await editRegistry(changes, (extensions) => {
    delete extensions[id]
  })
}

/** Whether agents find the hooks of the extension. */
export async function isRegistered(changes: Changes, manifest: Manifest): Promise<boolean> {
  const document = parseDocument((await changes.read(hooksFile)) ?? '')
  return Object.keys(manifest.hooks).every((event) => {
    const hooks = listAt(document, ['hooks', event]).toJSON() as { extension?: string }[]
    return hooks.some((it) => it.extension === id)
  })
}

type Document = ReturnType<typeof parseDocument>

function listAt(document: Document, path: string[]): YAMLSeq {
  const found = document.getIn(path)
  return found instanceof YAMLSeq ? found : new YAMLSeq()
}

async function editHooks(changes: Changes, edit: (document: Document) => void): Promise<void> {
  const text = await changes.read(hooksFile)
  const document = parseDocument(text ?? '{}')
  const [error] = document.errors
  if (error) throw new CliError(`${hooksFile} is not YAML: ${error.message.split('\n')[0]}`)
  const before = JSON.stringify(document.toJSON())
  edit(document)
  if (JSON.stringify(document.toJSON()) === before) return
  if (document.contents instanceof YAMLMap) document.contents.flow = false
  await changes.write(hooksFile, document.toString({ lineWidth: 0 }))
}

type Registry = Record<string, Record<string, unknown>>

async function editRegistry(changes: Changes, edit: (extensions: Registry) => void): Promise<void> {
  const text = await changes.read(registryFile)
  let registry: { schema_version: string; extensions: Registry }
  try {
    registry = { schema_version: '1.0', extensions: {}, ...JSON.parse(text ?? '{}') }
  } catch (error) {
    throw new CliError(`${registryFile} is not JSON: mend or remove it.`, { cause: error })
  }
  const before = JSON.stringify(registry)
  edit(registry.extensions)
  if (JSON.stringify(registry) === before) return
  await changes.write(registryFile, `${JSON.stringify(registry, null, 2)}\n`)
}
