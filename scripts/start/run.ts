import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Api, startApi } from '../../api/main.ts'
import { leaveAddress } from '../connect/address.ts'
import { CliError } from '../connect/client.ts'
import { keptSecret } from '../connect/secrets.ts'
import { createLocalWindmill, type LocalWindmill } from '../local-windmill/index.ts'
import { migrate } from '../migrate.ts'
import { prepareDataDir } from '../postgres/data-dir.ts'
import { PostgresUnavailable } from '../postgres/error.ts'
import { startPostgres } from '../postgres/start.ts'
import { AlreadyRunning, claimInstance, type Instance } from './instance.ts'
import type { Log } from './log.ts'
import { portOf } from './ports.ts'
import { setUpSample } from './sample.ts'
import type { Settings } from './settings.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Running {
  url: string
  /** Where flows run: the local engine, or the Windmill server that was named. */
  windmillUrl: string
  /** Lets one browser in as an administrator, once, within the hour. */
  consoleLink: string
  /** The sample project, where this start has set it up; null otherwise. */
  sample: string | null
  /**
   * Rejects when another instance has taken the place of this one, or the embedded Postgres has
   * ended underneath: another one would listen elsewhere, so everything has to start anew. A server
   * that was named in DATABASE_URL may come back.
   */
  failed: Promise<never>
  stop(): Promise<void>
}

/**
 * Brings everything up, in the order in which one part needs another, and takes down what was up
 * when something fails. `say` is told what keeps whoever waits.
 * @throws AlreadyRunning, PortTaken, PostgresUnavailable, MigrationError: each with the way out
 */
export async function run(
  settings: Settings,
  { log }: Log,
  say: (line: string) => void,
): Promise<Running> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each()
  }
  try {
    const { dataDir, host } = settings
    await prepareDataDir(dataDir, process.getuid?.())
    const databaseUrl = settings.databaseUrl ?? (await embeddedPostgres(settings, log, stops))
    // An engine and its secrets belong to one workspace of one database; without one, only the
    // data folder is claimed, and any number may share the database.
    const scope =
      settings.windmillBaseUrl === undefined ? `engine ${settings.windmillWorkspace}` : dataDir
    const instance = await claimInstance(
      databaseUrl,
      scope,
      dataDir,
      // A server that was named may come back; the embedded one would listen elsewhere.
      settings.databaseUrl ? Number.POSITIVE_INFINITY : 500,
    )
    stops.push(instance.release)
    await migrate(databaseUrl)

    const flowToken = await keptSecret(dataDir, 'flow-token')
    const instanceKey = await keptSecret(dataDir, 'instance-key')
    let engine: LocalWindmill | undefined
    const windmill = () => ({
      baseUrl: settings.windmillBaseUrl ?? engine?.url ?? '',
      token: settings.windmillToken ?? flowToken,
      workspace: settings.windmillWorkspace,
    })
    const api = await portOf('DEVGODZILLA_PORT', settings.port, async () =>
      startApi({
        databaseUrl,
        host,
        port: settings.port,
        adminToken: settings.adminToken ?? (await keptSecret(dataDir, 'admin-token')),
        windmill,
        webhookSecret: settings.webhookSecret ?? (await keptSecret(dataDir, 'webhook-secret')),
        instanceKey,
        sprintIntegration: settings.sprintIntegration,
        rateLimit: settings.rateLimit,
        outgoing: { allowPrivate: settings.webhookAllowPrivate },
        holdHandlers: true,
        sampling: settings.sampleEvents,
        archiveDir: `${dataDir}/archive`,
        consoleDir: existing(`${root}dist/console`),
        log,
      }),
    )
    stops.push(api.close)
    await api.ensureServiceToken('flows', flowToken)
    if (settings.windmillBaseUrl === undefined) {
      engine = await localEngine(settings, databaseUrl, api, flowToken, log)
      stops.push(engine.close)
    }
    await api.startHandlers()
    await instance.announce(api.url)
    stops.push(await leaveAddress(dataDir, { api: api.url, windmill: engine?.url }))
    const sample = await setUpSample({
      apiUrl: api.url,
      windmill: engine ? windmill() : null,
      token: settings.adminToken ?? (await keptSecret(dataDir, 'admin-token')),
      sprintIntegration: settings.sprintIntegration,
      dataDir,
      log,
      say,
    }).catch((error: unknown) => {
      // The product is there all the same; what is missing of the sample is made at the next start.
      if (!(error instanceof CliError)) throw error
      log.warn({ err: error }, 'the sample project could not be set up')
      say(`The sample project is not whole; the next start goes on with it. ${error.message}`)
      return null
    })
    return {
      url: api.url,
      windmillUrl: windmill().baseUrl,
      consoleLink: `${api.url}/console/#login=${await api.createLoginCode()}`,
      sample,
      failed: claimLost(instance, dataDir),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function claimLost(instance: Instance, dataDir: string): Promise<never> {
  if ((await instance.lost) === 'taken') {
    throw new AlreadyRunning(
      `This instance lost its connection to the database, and another one has taken its place on the data folder ${dataDir}, or on its database.`,
    )
  }
  throw new PostgresUnavailable(
    `Postgres has ended by itself; its log is in ${dataDir}/postgres. Start again: what was committed is there.`,
  )
}

async function embeddedPostgres(
  { dataDir }: Settings,
  log: Log['log'],
  stops: (() => Promise<void>)[],
): Promise<string> {
  const postgres = await startPostgres({ dataDir, log: (message) => log.info(message) })
  stops.push(postgres.stop)
  return postgres.url
}

/** The engine, with what its flows need: the API's address and a token for it. */
async function localEngine(
  settings: Settings,
  databaseUrl: string,
  api: Api,
  flowToken: string,
  log: Log['log'],
): Promise<LocalWindmill> {
  const key = await keptSecret(settings.dataDir, 'variables-key')
  const instanceKey = await keptSecret(settings.dataDir, 'instance-key')
  return portOf('DEVGODZILLA_WINDMILL_PORT', settings.windmillPort, () =>
    createLocalWindmill({
      databaseUrl,
      root,
      authenticate: api.authenticate,
      host: settings.host,
      port: settings.windmillPort,
      workspace: settings.windmillWorkspace,
      secretKey: Buffer.from(key.replace('dgz_', ''), 'base64url'),
      log,
      buildsDir: `${settings.dataDir}/builds`,
      instanceKey,
      prepare: async ({ setVariable, setResource }) => {
        await setVariable('f/devgodzilla/api_token', flowToken, { secret: true })
        await setResource(
          'f/devgodzilla/api',
          { base_url: api.url, token: '$var:f/devgodzilla/api_token' },
          'c_devgodzilla_api',
        )
      },
    }),
  )
}

const existing = (folder: string) => (existsSync(folder) ? folder : null)
