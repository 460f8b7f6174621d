import { readFile } from 'node:fs/promises'
import { defaultDataDir } from '../postgres/data-dir.ts'
import { codeOf } from '../postgres/error.ts'
import { type Address, addressFile, leftAddress } from './address.ts'
import { standingOf } from './proof.ts'
import { secretFile } from './secrets.ts'

/** A refusal to show as it is: what was wrong, and the way out. */
export class CliError extends Error {
  override readonly name = 'CliError'
}

export interface Target {
  url: string
  token: string
  /** What named this place, and the settings that name another, for whoever finds nothing at it. */
  named?: { by: string; otherwise: string }
}

/** A service on this machine: the settings that say where it is, and the port it has by default. */
interface Service {
  called: keyof Address
  url: string
  port: string
  usual: number
}

const api: Service = {
  called: 'api',
  url: 'DEVGODZILLA_URL',
  port: 'DEVGODZILLA_PORT',
  usual: 8787,
}
const windmill: Service = {
  called: 'windmill',
  url: 'WINDMILL_BASE_URL',
  port: 'DEVGODZILLA_WINDMILL_PORT',
  usual: 8000,
}

/** The API to speak to: DEVGODZILLA_URL and _TOKEN, else the one on this machine. */
export const apiTarget = async (env: NodeJS.ProcessEnv): Promise<Required<Target>> =>
  proved(env, await findApi(env))

/** The Windmill to speak to: the server WINDMILL_BASE_URL names, else the local engine. */
export const windmillTarget = async (env: NodeJS.ProcessEnv): Promise<Required<Target>> =>
  proved(env, await findWindmill(env))

/** A target that settings and files name; whether anything is there has not been looked at. */
export interface Found extends Required<Target> {
  /** Place or token is what our own data folder has: nobody says that the token belongs there. */
  assumed: boolean
}

export const findApi = (env: NodeJS.ProcessEnv) => find(env, api, env.DEVGODZILLA_TOKEN)
export const findWindmill = (env: NodeJS.ProcessEnv) =>
  find(env, windmill, env.WINDMILL_TOKEN || env.DEVGODZILLA_TOKEN)

async function find(
  env: NodeJS.ProcessEnv,
  service: Service,
  given: string | undefined,
): Promise<Found> {
  const { from, ...place } = await placeOf(env, service)
  const told = given || env.DEVGODZILLA_ADMIN_TOKEN
  const token = told || (await localToken(env, place.url))
  return { ...place, token, assumed: from === 'left' || !told }
}

/**
 * After a kill -9 the address stays, and anybody may listen there by now: before a token is sent,
 * whoever does has to show that it is the instance of this data folder.
 * @throws CliError where it is not, or nobody answers
 */
async function proved(env: NodeJS.ProcessEnv, { assumed, ...target }: Found) {
  if (!assumed) return target
  const dataDir = dataDirOf(env)
  const key = await readFile(secretFile(dataDir, 'instance-key'), 'utf8').catch(() => '')
  const standing = await standingOf(target.url, key.trim()).catch((error: unknown) => {
    throw nothingAt(target, error)
  })
  if (standing === 'proven') return target
  const who = `What answers at ${target.url} (${target.named.by})`
  const wayOut =
    standing === 'older'
      ? `${who} cannot show that it is the DevGodzilla of ${dataDir}, so no token was sent to it. It answers as an older version does: if it was started before an upgrade, stop it and run "devgodzilla start" again;`
      : `${who} is not the DevGodzilla of ${dataDir}, so no token was sent to it. "devgodzilla start" starts that anew;`
  throw new CliError(
    `${wayOut} if it is elsewhere, set ${target.named.otherwise}, and DEVGODZILLA_TOKEN to a token that was made there.`,
  )
}

export function nothingAt({ url, named }: Target, cause: unknown): CliError {
  const by = named ? ` (${named.by})` : ''
  const elsewhere = named ? ` If it is elsewhere, set ${named.otherwise}.` : ''
  return new CliError(
    `Nothing answers at ${url}${by}. Is it running? "devgodzilla start" starts it.${elsewhere}`,
    { cause },
  )
}

/** Where a service is: as its address says, its port, what `start` left in the data folder, or usually. */
async function placeOf(env: NodeJS.ProcessEnv, { called, url, port, usual }: Service) {
  const otherwise = `${port} or ${url}`
  const usually = `http://127.0.0.1:${usual}`
  const at = (url: string, by: string, from: 'told' | 'left' | 'usual') => ({
    ...{ url, named: { by, otherwise }, from },
  })
  const [address, number] = [env[url], env[port]]
  if (address) {
    if (!/^https?:\/\/./i.test(address) || !URL.canParse(address)) {
      throw new CliError(`${url} must be an http or https address, such as ${usually}.`)
    }
    // Paths are put behind it.
    return at(address.replace(/\/+$/, ''), url, 'told')
  }
  // Port 0 is any one that is free: only what runs there knows which.
  if (number && number !== '0') {
    const there = `http://127.0.0.1:${number}`
    if (!/^\d+$/.test(number) || !URL.canParse(there)) {
      throw new CliError(`${port} is "${number}": give the number of a port, such as ${usual}.`)
    }
    return at(there, port, 'told')
  }
  const dataDir = dataDirOf(env)
  const left = (await leftAddress(dataDir))?.[called]
  if (left) return at(left, addressFile(dataDir), 'left')
  const by = `the usual port, since there is no ${addressFile(dataDir)} to read`
  return at(usually, by, 'usual')
}

/** The data folder of whoever runs a command. */
export const dataDirOf = (env: NodeJS.ProcessEnv) => defaultDataDir(env, process.getuid?.())

const ofThisMachine = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** The administrator's token of this machine, which is nobody else's business. */
async function localToken(env: NodeJS.ProcessEnv, url: string): Promise<string> {
  if (URL.canParse(url) && !ofThisMachine.test(new URL(url).hostname)) {
    throw new CliError(
      `No token for ${new URL(url).host}: that of this machine is not sent elsewhere. Set DEVGODZILLA_TOKEN to one that was made there.`,
    )
  }
  const dataDir = dataDirOf(env)
  const file = secretFile(dataDir, 'admin-token')
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      throw new CliError(
        `No DevGodzilla was ever started on the data folder ${dataDir}. Run "devgodzilla start", or name its folder with DEVGODZILLA_DATA_DIR; for one elsewhere, set DEVGODZILLA_URL, and DEVGODZILLA_TOKEN to a token that was made there.`,
        { cause: error },
      )
    }
    throw new CliError(
      `No token: ${file} cannot be read (${codeOf(error)}). Set DEVGODZILLA_TOKEN to a token that "devgodzilla token create" made.`,
      { cause: error },
    )
  }
}
