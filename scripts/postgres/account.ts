import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PostgresUnavailable, unlessCode } from './error.ts'

/** The user Postgres runs as. */
export type Account = {
  readonly uid: number
  readonly gid: number
  /** False when it is simply the user we are. */
  readonly switched: boolean
}

/** `nobody`, which every Unix has without asking. */
const NOBODY = process.platform === 'darwin' ? -2 : 65534

/**
 * The user to run Postgres as. It refuses root, so root hands it to the owner of an existing
 * cluster, else to nobody.
 */
export async function serverAccount(pgdata: string): Promise<Account> {
  const uid = process.getuid?.()
  const gid = process.getgid?.()
  if (uid === undefined || gid === undefined) {
    throw new PostgresUnavailable('The embedded Postgres runs on Linux and macOS only.')
  }
  if (uid !== 0) return { uid, gid, switched: false }
  const existing = await stat(pgdata).catch(unlessCode('ENOENT'))
  if (existing && existing.uid !== 0) {
    return { uid: existing.uid, gid: existing.gid, switched: true }
  }
  return { uid: NOBODY, gid: NOBODY, switched: true }
}

/** Spawn options that make a child that account. */
export function runAs(account: Account): { uid?: number; gid?: number } {
  return account.switched ? { uid: account.uid, gid: account.gid } : {}
}

/** Whether the account can pass through every folder above `path`, as far as the mode bits tell. */
export async function canReach(account: Account, path: string): Promise<boolean> {
  if (!account.switched) return true
  const parent = dirname(path)
  const { uid, gid, mode } = await stat(parent)
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
  if ((mode & bit) === 0) return false
  return parent === dirname(parent) || canReach(account, parent)
}
