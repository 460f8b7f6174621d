import type { Logger } from 'pino'
import type { WorkspaceFiles } from '../workspace/workspace-files.ts'
import { checkHttpTrigger, type HttpTrigger, routeKey } from './check-http-trigger.ts'
import type { Checked } from './fault.ts'
import { FileNews } from './file-news.ts'

/** The HTTP triggers of the workspace, as their files have them now. */
export class HttpTriggers {
  readonly #files: WorkspaceFiles
  readonly #news: FileNews

  constructor(files: WorkspaceFiles, log: Logger) {
    this.#files = files
    this.#news = new FileNews('http trigger', log)
  }

  async list(): Promise<HttpTrigger[]> {
    const routes = new Map<string, string>()
    return this.#news.read(await this.#files.documents('http_trigger'), (path, document) => {
      const checked = checkHttpTrigger(path, document)
      if (!checked.value) return checked
      const key = routeKey(checked.value)
      const other = routes.get(key)
      if (other !== undefined) return taken(key, other)
      routes.set(key, path)
      return checked
    })
  }
}

function taken(key: string, other: string): Checked<HttpTrigger> {
  const message = `is taken: ${other} has ${key} too`
  return { value: null, faults: [{ field: 'route_path', rule: 'route', message }], warnings: [] }
}
