import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../postgres/error.ts'

/** Names of the secrets in a data folder, each in a file that only its owner reads. */
export type SecretName =
  | 'admin-token'
  | 'flow-token'
  | 'instance-key'
  | 'variables-key'
  | 'webhook-secret'

export const secretFile = (dataDir: string, name: SecretName) => join(dataDir, 'secrets', name)

/** The secret of that name: 256 random bits, made the first time it is asked for. */
export async function keptSecret(dataDir: string, name: SecretName): Promise<string> {
  const file = secretFile(dataDir, name)
  await mkdir(join(dataDir, 'secrets'), { recursive: true, mode: 0o700 })
  const fresh = `${file}.${process.pid}`
  await writeFile(fresh, `dgz_${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 })
  try {
    // Linking never replaces: of two processes, both read what the first one wrote, whole.
    await link(fresh, file)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    await rm(fresh, { force: true })
  }
  return (await readFile(file, 'utf8')).trim()
}
