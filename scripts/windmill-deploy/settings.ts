import { DeployError } from './deploy-error.ts'

export interface DeploySettings {
  /** Without a slash at the end. */
  baseUrl: string
  token: string
  workspace: string
  /** Where workers reach the API; undefined leaves the resource as it is. */
  apiUrl: string | undefined
  /** Values of secret variables, by the last part of their path. */
  secrets: Map<string, string>
}

/**
 * What the environment says. A secret variable `f/devgodzilla/api_token` takes its value from
 * DEVGODZILLA_API_TOKEN, and so does every other by its name: arguments would show it to
 * everybody on the machine.
 * @throws DeployError naming what is missing or wrong
 */
export function deploySettings(env: NodeJS.ProcessEnv, secretNames: string[]): DeploySettings {
  const needed = (name: string, what: string): string => {
    const value = env[name]?.trim()
    if (!value) throw new DeployError(`${name} is not set: set it to ${what}.`)
    return value
  }
  const apiUrl = env.DEVGODZILLA_URL?.trim()
  return {
    baseUrl: serverUrl(needed('WINDMILL_BASE_URL', "your server's address")),
    token: needed('WINDMILL_TOKEN', 'a token made in Windmill: Account settings, Tokens'),
    workspace: workspaceOf(needed('WINDMILL_WORKSPACE', 'the id of a workspace, not its name')),
    apiUrl: apiUrl ? urlOf('DEVGODZILLA_URL', apiUrl) : undefined,
    secrets: new Map(
      secretNames.flatMap((name) => {
        const value = env[secretSetting(name)]?.trim()
        return value ? [[name, value] as const] : []
      }),
    ),
  }
}

/** Where the value of a secret variable is taken from. */
export const secretSetting = (name: string) => `DEVGODZILLA_${name.toUpperCase()}`

function urlOf(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new DeployError(`${name} must be an address such as https://host.example.com.`)
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new DeployError(`${name} must be an address alone, without a user, query or fragment.`)
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

/** wmill asks for the version at the root of the host, so it reaches no server below a path. */
function serverUrl(text: string): string {
  const url = urlOf('WINDMILL_BASE_URL', text.replace(/\/api\/*$/, ''))
  if (url === new URL(url).origin) return url
  throw new DeployError(
    `WINDMILL_BASE_URL must be an address without a path, for Windmill's CLI reaches no other: ` +
      `give the server a host or port of its own, and set ${new URL(url).origin} or that.`,
  )
}

function workspaceOf(id: string): string {
  if (/^[\w-]+$/.test(id)) return id
  throw new DeployError('WINDMILL_WORKSPACE must be an id of letters, digits, _ and -, not a name.')
}
