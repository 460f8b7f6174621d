import type { Logger } from 'pino'
import type { WorkspaceDocument } from '../workspace/workspace-files.ts'
import { type Checked, explain } from './fault.ts'

/** Reads the files of one kind, and logs what is wrong with them: once, until it changes. */
export class FileNews {
  readonly #kind: string
  readonly #log: Logger
  #told = new Map<string, string>()

  constructor(kind: string, log: Logger) {
    this.#kind = kind
    this.#log = log
  }

  /** What can be used. A file that cannot is left out, and stops nothing else. */
  read<T>(
    documents: WorkspaceDocument[],
    check: (path: string, document: unknown) => Checked<T>,
  ): T[] {
    const told = new Map<string, string>()
    const values: T[] = []
    for (const { path, document, error } of documents) {
      const { value, faults, warnings } = error
        ? { value: null, faults: [], warnings: [] }
        : check(path, document)
      const refused = error ?? explain(faults)
      if (value !== null) values.push(value)
      if (refused) {
        this.#tell(told, path, `${this.#kind} ${path} is left out: ${refused}`)
      } else if (warnings.length > 0) {
        this.#tell(told, path, `${this.#kind} ${path}: ${warnings.join('; ')}`)
      }
    }
    this.#told = told
    return values
  }

  #tell(told: Map<string, string>, path: string, message: string): void {
    told.set(path, message)
    if (this.#told.get(path) !== message) this.#log.warn({ path }, message)
  }
}
