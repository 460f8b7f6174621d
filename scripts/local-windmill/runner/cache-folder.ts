import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A folder for bundles that only this user can write: the code in it is run. Its name is known
 * beforehand, so one that somebody else made there is not taken.
 */
export function privateCacheFolder(): string {
  const uid = process.getuid?.() ?? 0
  const folder = join(tmpdir(), `devgodzilla-bundles-${uid}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  const ours = found.isDirectory() && found.uid === uid && (found.mode & 0o022) === 0
  return ours || process.platform === 'win32' ? folder : mkdtempSync(`${folder}-`)
}
