import { randomBytes, randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import type { Logger } from 'pino'
import { WebSocketServer } from 'ws'
import type { Command, InputOf, OutputOf } from './commands/command.ts'
import type { SamplingRates } from './core/events/sampling.ts'
import type { AllowedNetworks } from './core/webhooks/networks.ts'
import { startDispatcher } from './handlers/dispatcher.ts'
import { startSessionWatch } from './handlers/expire-sessions.ts'
import { startHousekeeping } from './handlers/housekeeping.ts'
import { startWatch } from './handlers/watch.ts'
import { startExecutionWatch } from './handlers/watch-executions.ts'
import { startSender } from './handlers/webhooks/sender.ts'
import { answerBrokenRequests } from './http/broken-requests.ts'
import { createApp, verbs } from './http/create-app.ts'
import { ignoreOtherUpgrades } from './http/ignored-upgrades.ts'
import type { Floor } from './mcp/floor.ts'
import type { ServeMcp } from './mcp/serve.ts'
import { authenticator, ensureToken } from './services/access/authenticate.ts'
import { createLoginCode } from './services/access/login.ts'
import { createContexts } from './services/agent/contexts.ts'
import { createFeed } from './services/event/feed.ts'
import { createSampler } from './services/event/sampler.ts'
import { flowJobs } from './services/flow-run/flow-jobs.ts'
import { type Runtime, system } from './services/runtime.ts'
import { destinations, type Lookup } from './services/webhook-subscription/destination.ts'
import { type WindmillConfig, windmillFlows } from './services/windmill.ts'
import { connect, readTypes } from './store/database.ts'
import { takeFirstFree } from './store/first-free.ts'

export interface ApiConfig {
  databaseUrl: string
  host: string
  /** 0 takes any free port. */
  port: number
  /** Accepted as a token with the role admin. */
  adminToken: string
  windmill: () => WindmillConfig
  /**
   * What senders of webhooks sign with: `whsec_<base64>`, or any other text. Without one, all that
   * come in are refused.
   */
  webhookSecret?: string
  /** 256 random bits, by which it proves to who has them, too, that a token may be sent here. */
  instanceKey?: string
  sprintIntegration: boolean
  /** The share of chatty events that is recorded; all of them without it. */
  sampling?: SamplingRates | undefined
  /** Where events are archived to unless a folder is named. */
  archiveDir?: string
  /** Requests per second that one token may send, sustained; 0, the default, limits nothing. */
  rateLimit?: number
  /** How long a request may take to arrive (ms); a minute by default. */
  receiveWithin?: number
  /** Outgoing webhooks: what differs from sending to public addresses alone, for about a day. */
  outgoing?: {
    allowPrivate?: AllowedNetworks
    /** Seconds between tries; see core/webhooks/tries.ts. */
    waits?: readonly number[]
    /** How long a receiver may take to answer (ms); 10,000 by default. */
    patience?: number
    lookup?: Lookup
  }
  /** True leaves events to `startHandlers`: the engine that handlers call comes up after the API. */
  holdHandlers?: boolean
  /** How long a handler may take before its work is undone and tried later (ms); 5,000 by default. */
  handlerPatience?: number
  /** Folder of the built console; null serves none. */
  consoleDir: string | null
  log: Logger
}

export interface Api {
  url: string
  /**
   * Carries out a verb in this process, as the system. `input` is what the schemas of the command
   * make of what was asked: text from outside is parsed by them first.
   */
  run<C extends Command>(command: C, input: InputOf<C>): Promise<OutputOf<C>>
  /** Recognises a token, as the routes do. */
  authenticate: ReturnType<typeof authenticator>
  /** Begins to hand events to handlers; from then on it is ready. */
  startHandlers(): Promise<void>
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
  const { log, host } = config
  const db = connect(config.databaseUrl)
  const runtime: Runtime = {
    db,
    log,
    flows: windmillFlows(config.windmill),
    flowJobs: flowJobs(config.windmill),
    sprintIntegration: config.sprintIntegration,
    destination: destinations(config.outgoing?.allowPrivate ?? [], config.outgoing?.lookup),
    contexts: createContexts(db),
    sampler: createSampler(config.sampling ?? {}),
    archiveDir: config.archiveDir,
  }
  const authenticate = authenticator(db)
  const feed = createFeed(db, log)
  let up = false
  const app = createApp({
    runtime,
    authenticate,
    feed,
    rateLimit: config.rateLimit ?? 0,
    isUp: () => up,
    mcp: mcpFor({ runtime, verbs }),
    webhookSecret: config.webhookSecret ?? randomBytes(32).toString('base64url'),
    instanceKey: config.instanceKey,
    consoleDir: config.consoleDir,
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 })

  let server: Server
  try {
    await readTypes(db)
    await takeFirstFree(db)
    await ensureToken(db, {
      name: 'admin',
      role: 'admin',
      service: false,
      secret: config.adminToken,
    })
    server = await listen(app.fetch, config, sockets)
    answerBrokenRequests(server, log)
    ignoreOtherUpgrades(server)
  } catch (error) {
    await db.end({ timeout: 1 })
    throw error
  }
  let dispatching: ReturnType<typeof startDispatcher> | undefined
  let sending: ReturnType<typeof startSender> | undefined
  const stops: (() => Promise<void>)[] = []
  const startHandlers = async () => {
    dispatching ??= startDispatcher(runtime, { patience: config.handlerPatience })
    sending ??= startSender(runtime, config.outgoing)
    await Promise.all([dispatching, sending])
    if (!up) {
      stops.push(
        startWatch(runtime),
        startHousekeeping(runtime),
        startExecutionWatch(runtime),
        startSessionWatch(runtime),
      )
    }
    up = true
  }
  if (!config.holdHandlers) await startHandlers()

  return {
    url: urlOf(server.address() as AddressInfo, host),
    authenticate,
    async run(command, input) {
      const verb = verbs.find((it) => it.command.name === command.name)
      if (!verb) throw new Error(`nothing carries out ${command.name}`)
      const outcome = await verb.run(runtime, system(randomUUID(), null), input as never)
      return outcome.output as OutputOf<typeof command>
    },
    startHandlers,
    createLoginCode: () => createLoginCode(db),
    ensureServiceToken: (name, secret) =>
      ensureToken(db, { name, role: 'member', service: true, secret }),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets.clients) socket.close(1001, 'shutting down')
      await feed.close()
      await Promise.all([dispatching, sending].map(async (stop) => (await stop)?.()))
      for (const stop of stops) await stop()
      server.closeAllConnections()
      await closed
      await db.end({ timeout: 2 })
    },
  }
}

function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { host: hostname, port, receiveWithin = 60_000 }: ApiConfig,
  sockets: WebSocketServer,
): Promise<Server> {
  const serverOptions = {
    requestTimeout: receiveWithin,
    headersTimeout: receiveWithin,
    connectionsCheckingInterval: receiveWithin / 4,
  }
  return new Promise((resolve, reject) => {
    const server = serve(
      { fetch, hostname, port, serverOptions, websocket: { server: sockets } },
      () => resolve(server as Server),
    )
    server.once('error', reject)
  })
}

const urlOf = ({ port }: AddressInfo, host: string) =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`

/** MCP, loaded with the first request to it: its library takes as long as the rest of a start. */
function mcpFor(floor: Floor): ServeMcp {
  let made: Promise<ServeMcp> | undefined
  return async (request, asker) => {
    made ??= import('./mcp/serve.ts').then(({ createMcp }) => createMcp(floor))
    return (await made)(request, asker)
  }
}
