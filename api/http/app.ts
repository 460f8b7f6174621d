import { Hono } from 'hono'
import type { Logger } from 'pino'
import type { ApiToken } from '../core/entities/access.ts'
import type { Authenticate } from '../services/access/authenticate.ts'
import type { Feed } from '../services/event/feed.ts'
import type { Asker, Caller, Runtime } from '../services/runtime.ts'

/** What the surface needs of the floors below. */
export interface Surface {
  runtime: Runtime
  authenticate: Authenticate
  feed: Feed
  /** Requests per second of one token, sustained; 0 limits nothing. */
  rateLimit: number
  /** Whether all that answering takes is up; until then the process is starting. */
  isUp: () => boolean
  /** What senders of webhooks sign with. */
  webhookSecret: string
  /** By which this instance proves that it is the one of its data folder; without one, it does not. */
  instanceKey?: string | undefined
  /** Answers agents over MCP, once they are let in. */
  mcp: (request: Request, asker: Asker) => Promise<Response>
  /** Folder of the built console; null serves none. */
  consoleDir: string | null
}

export interface Env {
  Variables: {
    requestId: string
    log: Logger
    token: ApiToken
    caller: Caller
  }
}

export const newApp = () => new Hono<Env>()
export type App = ReturnType<typeof newApp>
