import type { Sql } from 'postgres'
import { StepFailure } from '../job-error.ts'
import { isObject, type Json } from '../json.ts'
import type { Cipher } from '../store/cipher.ts'
import * as resourceStore from '../store/resources.ts'
import * as variableStore from '../store/variables.ts'
import type { ResourceFile, VariableFile, WorkspaceFiles } from './workspace-files.ts'

/** Called with every secret before it is handed out: it may note it, or refuse by throwing. */
export type OnSecret = (value: string, path: string) => void

/** Variables and resources: what was stored through the API wins over the files. */
export class WorkspaceValues {
  readonly #sql: Sql
  readonly #workspace: string
  readonly #files: WorkspaceFiles
  readonly #cipher: Cipher

  constructor(sql: Sql, workspace: string, files: WorkspaceFiles, cipher: Cipher) {
    this.#sql = sql
    this.#workspace = workspace
    this.#files = files
    this.#cipher = cipher
  }

  async variable(path: string): Promise<VariableFile | null> {
    const stored = await variableStore.findVariable(this.#sql, this.#workspace, path)
    if (!stored) return this.#files.variable(path)
    return {
      value: stored.is_secret ? this.#cipher.open(path, stored.value) : stored.value,
      is_secret: stored.is_secret,
      description: stored.description,
    }
  }

  async saveVariable(path: string, variable: VariableFile, by: string): Promise<void> {
    const value = variable.is_secret ? this.#cipher.seal(path, variable.value) : variable.value
    await variableStore.saveVariable(this.#sql, this.#workspace, { ...variable, path, value }, by)
  }

  async resource(path: string): Promise<ResourceFile | null> {
    const stored = await resourceStore.findResource(this.#sql, this.#workspace, path)
    return stored ?? this.#files.resource(path)
  }

  async saveResource(path: string, resource: ResourceFile, by: string): Promise<void> {
    await resourceStore.saveResource(this.#sql, this.#workspace, { ...resource, path }, by)
  }

  /** @throws StepFailure where there is no such variable */
  async readVariable(path: string, onSecret: OnSecret): Promise<string> {
    const variable = await this.variable(path)
    if (!variable) throw new StepFailure('NotFound', `variable ${path} does not exist`)
    if (variable.is_secret) onSecret(variable.value, path)
    return variable.value
  }

  /** A resource with the variables and resources it names put in. @throws StepFailure */
  async readResource(path: string, onSecret: OnSecret, depth = 0): Promise<Json> {
    const resource = await this.resource(path)
    if (!resource) throw new StepFailure('NotFound', `resource ${path} does not exist`)
    return this.interpolate(resource.value, onSecret, depth)
  }

  /** Replaces every string that is wholly `$var:path` or `$res:path`, at any depth. */
  async interpolate(value: Json, onSecret: OnSecret, depth = 0): Promise<Json> {
    if (depth > 20)
      throw new StepFailure('ReferenceError', 'resources refer to each other in a circle')
    if (typeof value === 'string') return this.dereference(value, onSecret, depth)
    if (Array.isArray(value)) {
      return Promise.all(value.map((item) => this.interpolate(item, onSecret, depth + 1)))
    }
    if (!isObject(value)) return value
    const entries = await Promise.all(
      Object.entries(value).map(
        async ([key, item]) => [key, await this.interpolate(item, onSecret, depth + 1)] as const,
      ),
    )
    return Object.fromEntries(entries)
  }

  async dereference(value: string, onSecret: OnSecret, depth = 0): Promise<Json> {
    if (value.startsWith('$var:')) return this.readVariable(value.slice(5), onSecret)
    if (value.startsWith('$res:')) return this.readResource(value.slice(5), onSecret, depth + 1)
    return value
  }
}
