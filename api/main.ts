import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import type { Logger } from 'pino'
import { WebSocketServer } from 'ws'
import { startDispatcher } from './handlers/dispatcher.ts'
import { createApp } from './http/create-app.ts'
import { authenticator, ensureToken } from './services/access/authenticate.ts'
import { createLoginCode } from './services/access/login.ts'
import { createFeed } from './services/event/feed.ts'
import type { Runtime } from './services/runtime.ts'
import { type WindmillConfig, windmillFlows } from './services/windmill.ts'
import { connect } from './store/database.ts'

export interface ApiConfig {
  databaseUrl: string
  host: string
  /** 0 takes any free port. */
  port: number
  /** Accepted as a token with the role admin. */
  adminToken: string
  windmill: () => WindmillConfig
  sprintIntegration: boolean
  /** Folder of the built console; null serves none. */
  consoleDir: string | null
  log: Logger
}

export interface Api {
  url: string
  /** Recognises a token, as the routes do. */
  authenticate: ReturnType<typeof authenticator>
  /** A code that lets one browser into the console, once. */
  createLoginCode(): Promise<string>
  /** Makes a secret a valid service token, for flows. */
  ensureServiceToken(name: string, secret: string): Promise<void>
  close(): Promise<void>
}

/**
 * Wires the floors together and listens. The database is migrated already.
 * @throws where the port is taken (`EADDRINUSE`) or the database does not answer
 */
export async function startApi(config: ApiConfig): Promise<Api> {
  const { log, host, port } = config
  const db = connect(config.databaseUrl)
  const runtime: Runtime = {
    db,
    log,
    flows: windmillFlows(config.windmill),
    sprintIntegration: config.sprintIntegration,
  }
  const authenticate = authenticator(db)
  const feed = createFeed(db, log)
  const app = createApp({ runtime, authenticate, feed, consoleDir: config.consoleDir })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 })

  let server: Server
  try {
    await ensureToken(db, {
      name: 'admin',
      role: 'admin',
      service: false,
      secret: config.adminToken,
    })
    server = await listen(app.fetch, host, port, sockets)
  } catch (error) {
    await db.end({ timeout: 1 })
    throw error
  }
  const stopHandlers = await startDispatcher(runtime)

  return {
    url: urlOf(server.address() as AddressInfo, host),
    authenticate,
    createLoginCode: () => createLoginCode(db),
    ensureServiceToken: (name, secret) =>
      ensureToken(db, { name, role: 'member', service: true, secret }),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets.clients) socket.close(1001, 'shutting down')
      await feed.close()
      await stopHandlers()
      server.closeAllConnections()
      await closed
      await db.end({ timeout: 2 })
    },
  }
}

function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  hostname: string,
  port: number,
  sockets: WebSocketServer,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname, port, websocket: { server: sockets } }, () =>
      resolve(server as Server),
    )
    server.once('error', reject)
  })
}

const urlOf = ({ port }: AddressInfo, host: string) =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`
