import { constants } from 'node:fs'
import { access, mkdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { codeOf, PostgresUnavailable } from './error.ts'

/**
 * The folder the service keeps its data in: `DEVGODZILLA_DATA_DIR`, else the place the platform has
 * for it. `uid` is that of the process (0 is root), undefined where there are none.
 */
export function defaultDataDir(
  env: NodeJS.ProcessEnv,
  uid: number | undefined,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.DEVGODZILLA_DATA_DIR) return resolve(env.DEVGODZILLA_DATA_DIR)
  if (uid === 0) return '/var/lib/devgodzilla'
  const home = env.HOME || homedir()
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'devgodzilla')
  const xdg = env.XDG_DATA_HOME
  // The XDG specification has relative paths ignored.
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, '.local', 'share'), 'devgodzilla')
}

/**
 * Makes the data folder if it is missing. Files in it that are secret carry their own mode; others
 * may pass through it when it is root's, since Postgres then runs as another user.
 */
export async function prepareDataDir(dataDir: string, uid: number | undefined): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: uid === 0 ? 0o711 : 0o700 })
    if (!(await stat(dataDir)).isDirectory()) throw new Error('it is not a folder')
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const why = codeOf(error) ?? (error instanceof Error ? error.message : String(error))
    throw new PostgresUnavailable(`The data folder ${dataDir} cannot be used (${why}).`, {
      cause: error,
    })
  }
}
