import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { isObject, type Json } from '../json.ts'
import { type CheckedFlow, checkFlow, FlowRefused } from '../openflow/check-flow.ts'
import { limitsOf } from '../openflow/limits.ts'
import type { ArgumentSchema, Limits } from '../openflow/types.ts'
import { CachedFiles, fileStamp } from './cached-files.ts'
import { inlineScripts } from './inline-scripts.ts'
import { flowFolders, isWorkspacePath, scriptFile } from './paths.ts'

export type ScriptFile = {
  file: string
  schema?: ArgumentSchema
  timeoutSeconds?: number
  limits?: Limits
}
export type VariableFile = { value: string; is_secret: boolean; description: string }
export type ResourceFile = { value: Json; resource_type: string; description: string }
export type WorkspaceListing = { flows: string[]; scripts: string[] }
/** A file's parsed content, or why it has none. */
export type WorkspaceDocument = { path: string; document?: unknown; error?: string }

/** The workspace as it lies on disk, in the layout of `wmill sync`. */
export class WorkspaceFiles {
  readonly root: string
  readonly #files = new CachedFiles()

  /** `root` is the folder that holds `f/`. */
  constructor(root: string) {
    this.root = root
  }

  /** @throws FlowRefused when the flow asks for what this engine cannot do */
  async flow(path: string): Promise<CheckedFlow | null> {
    if (!isWorkspacePath(path)) return null
    for (const folder of flowFolders(this.root, path)) {
      const document = await this.#flowYaml(path, join(folder, 'flow.yaml'))
      if (document === undefined) continue
      const checked = checkFlow(path, document)
      return { ...checked, flow: await inlineScripts(path, checked.flow, folder, this.#files) }
    }
    return null
  }

  async #flowYaml(path: string, file: string): Promise<unknown> {
    try {
      return await this.#files.yaml(file)
    } catch (error) {
      throw new FlowRefused(path, [(error as Error).message])
    }
  }

  async script(path: string): Promise<ScriptFile | null> {
    if (!isWorkspacePath(path)) return null
    const file = scriptFile(this.root, path)
    if ((await fileStamp(file)) === undefined) return null
    const metadata = await this.#files.yaml(join(this.root, `${path}.script.yaml`))
    if (!isObject(metadata)) return { file }
    return {
      file,
      limits: limitsOf(metadata),
      ...(isObject(metadata.schema) && { schema: metadata.schema as ArgumentSchema }),
      ...(typeof metadata.timeout === 'number' &&
        metadata.timeout > 0 && { timeoutSeconds: metadata.timeout }),
    }
  }

  async variable(path: string): Promise<VariableFile | null> {
    if (!isWorkspacePath(path)) return null
    const document = await this.#files.yaml(join(this.root, `${path}.variable.yaml`))
    if (!isObject(document)) return null
    return {
      value: String(document.value ?? ''),
      is_secret: document.is_secret === true,
      description: String(document.description ?? ''),
    }
  }

  async resource(path: string): Promise<ResourceFile | null> {
    if (!isWorkspacePath(path)) return null
    const document = await this.#files.yaml(join(this.root, `${path}.resource.yaml`))
    if (!isObject(document)) return null
    return {
      value: document.value ?? null,
      resource_type: String(document.resource_type ?? 'any'),
      description: String(document.description ?? ''),
    }
  }

  /** Every flow and script with a `main` of its own: those with metadata beside them. */
  async list(): Promise<WorkspaceListing> {
    const flows: string[] = []
    const scripts: string[] = []
    for (const entry of await this.#entries()) {
      const flow = entry.match(/^(.+?)(?:__flow|\.flow)\/flow\.yaml$/)?.[1]
      const script = entry.match(/^(.+)\.script\.yaml$/)?.[1]
      if (flow && isWorkspacePath(flow)) flows.push(flow)
      if (script && isWorkspacePath(script)) scripts.push(script)
    }
    return { flows: flows.sort(), scripts: scripts.sort() }
  }

  /** Every file of one kind, such as `schedule` for `*.schedule.yaml`, in the order of paths. */
  async documents(kind: string): Promise<WorkspaceDocument[]> {
    const ending = `.${kind}.yaml`
    const found: WorkspaceDocument[] = []
    for (const entry of (await this.#entries()).sort()) {
      const path = entry.endsWith(ending) ? entry.slice(0, -ending.length) : ''
      if (!isWorkspacePath(path)) continue
      try {
        const document = await this.#files.yaml(join(this.root, entry))
        if (document !== undefined) found.push({ path, document })
      } catch (error) {
        found.push({ path, error: (error as Error).message })
      }
    }
    return found
  }

  async #entries(): Promise<string[]> {
    try {
      const entries = await readdir(join(this.root, 'f'), { recursive: true, withFileTypes: true })
      return entries.map((entry) =>
        relative(this.root, join(entry.parentPath, entry.name)).split(sep).join('/'),
      )
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  }
}
