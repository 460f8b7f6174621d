import { DeployError } from './deploy-error.ts'
import { parsed, refused, type Server } from './server.ts'
import type { DeploySettings } from './settings.ts'
import { isOlder } from './version.ts'

/** The oldest server whose interface this was written for. */
const oldest = [1, 463] as const

/**
 * Makes sure that the server is a Windmill, new enough, and lets us into the workspace.
 * @returns its version, such as `CE v1.600.0`
 */
export async function signIn(server: Server, settings: DeploySettings): Promise<string> {
  const version = (await server.send('GET', 'version')).trim()
  const tooOld = isOlder(version, oldest)
  if (tooOld === undefined) {
    throw new DeployError(
      `${settings.baseUrl} does not answer as Windmill does: check WINDMILL_BASE_URL.`,
    )
  }
  if (tooOld) {
    throw new DeployError(
      `Windmill is ${version}, too old: upgrade it to ${oldest.join('.')} or newer.`,
    )
  }
  const who = await server.ask('GET', 'w/users/whoami')
  if ([401, 403, 404].includes(who.status)) throw await stranger(server, settings)
  if (who.status >= 300) throw refused('GET w/users/whoami', who)
  // A superadmin is somebody everywhere, even where there is no workspace.
  const exists = await server.ask('POST', 'workspaces/exists', { id: settings.workspace })
  if (exists.status === 200 && exists.text.trim() === 'false')
    throw await stranger(server, settings)
  return version
}

/** Either the token is not good, or it is, and the workspace is not one of its user's. */
async function stranger(server: Server, { workspace }: DeploySettings): Promise<DeployError> {
  const path = 'workspaces/users'
  const { status, text } = await server.ask('GET', path)
  if (status >= 300) {
    return new DeployError(
      `WINDMILL_TOKEN is not good for the workspace ${workspace}: make a new one in Windmill ` +
        '(Account settings, Tokens), and check that WINDMILL_WORKSPACE is the id of the workspace.',
    )
  }
  const { workspaces } = parsed(path, text) as { workspaces?: { id: string }[] }
  const known = (workspaces ?? []).map(({ id }) => id).join(', ') || 'none'
  return new DeployError(
    `There is no workspace ${workspace} for the user of WINDMILL_TOKEN: set WINDMILL_WORKSPACE to ` +
      `one it is in (${known}), or create it in Windmill first.`,
  )
}
