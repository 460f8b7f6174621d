import type { Command } from 'commander'
import { openLog } from '../start/log.ts'
import { environmentNames, readSettings, type Settings } from '../start/settings.ts'

const descriptions: Record<keyof Settings, string> = {
  databaseUrl: 'Postgres to use instead of the embedded one',
  dataDir: 'folder for data and secrets',
  host: 'address to listen on (127.0.0.1)',
  port: 'port of API and console (8787)',
  adminToken: 'token with the role admin (generated)',
  webhookSecret: 'secret that incoming webhooks are signed with (generated)',
  sprintIntegration: 'true or false: make and sync sprints by themselves (true)',
  rateLimit: 'requests per second and token, over ten seconds; 0: no limit (100)',
  webhookAllowPrivate: 'private networks that webhooks may be sent into, or true for all (none)',
  sampleEvents: 'share of chatty events to record, such as step.artifact_added=0.1 (all)',
  windmillPort: 'port of the local Windmill engine (8000)',
  windmillBaseUrl: 'Windmill server to use instead of the local engine',
  windmillToken: 'token for that server',
  windmillWorkspace: 'workspace there (devgodzilla)',
  logLevel: 'debug, info, warn, error or silent (info)',
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** `devgodzilla start`: everything on this machine, until it is told to end. */
export function addStart(program: Command): void {
  const command = program
    .command('start')
    .description('start Postgres, API, console and the local Windmill engine, until Ctrl-C')
    .option('--json', 'print one JSON line when ready')
  for (const [setting, text] of Object.entries(descriptions)) {
    const variable = environmentNames[setting as keyof Settings]
    command.option(`--${kebab(setting)} <value>`, `${text} [${variable}]`)
  }
  command.action(async (options: Record<string, string> & { json?: boolean }) => {
    const { json, ...named } = options
    const settings = readSettings(named, process.env)
    await startUntilSignal(settings, json === true)
  })
}

async function startUntilSignal(settings: Settings, json: boolean): Promise<void> {
  const signal = firstSignal()
  const { prepareDataDir } = await import('../postgres/data-dir.ts')
  await prepareDataDir(settings.dataDir, process.getuid?.())
  const log = openLog(settings.dataDir, settings.logLevel, process.stderr.isTTY === true && !json)
  const { run } = await import('../start/run.ts')
  // One line of JSON is all that a program reads.
  const running = await run(settings, log, json ? () => {} : (line) => console.log(line))
  const link = running.sample
    ? running.consoleLink.replace('/console/', running.sample)
    : running.consoleLink
  if (json) {
    const { url, windmillUrl } = running
    const ready = { url, console: link, windmill: windmillUrl, data_dir: settings.dataDir }
    console.log(JSON.stringify(ready))
  } else {
    console.log(welcome(running.url, link, running.windmillUrl, settings.dataDir, log.where))
  }
  await Promise.race([signal, running.failed]).catch(async (error: unknown) => {
    setTimeout(() => process.exit(1), longestStop).unref()
    await running.stop()
    throw error
  })
  if (!json) console.log('Stopping …')
  await running.stop()
  process.exit(0)
}

function welcome(url: string, link: string, windmill: string, dataDir: string, logs: string) {
  return `
DevGodzilla is ready.

  Console   ${link}
            (this link lets one browser in, once, within the hour)
  API       ${url}          (described at ${url}/docs)
  Windmill  ${windmill}
  Data      ${dataDir}
  Log       ${logs}

Ctrl-C stops everything.
`
}

const impatience = 1000
const longestStop = 9500

/**
 * Resolves at the first SIGINT or SIGTERM. npm and a terminal may each send one, so a second one
 * within a second is the same; a later one, or a stop that takes too long, ends the process.
 */
function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    let since: number | null = null
    const onSignal = () => {
      const now = Date.now()
      if (since === null) {
        since = now
        setTimeout(() => process.exit(1), longestStop).unref()
        resolve()
      } else if (now - since > impatience) {
        process.exit(1)
      }
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
}
