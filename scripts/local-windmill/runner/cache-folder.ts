import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Made when the usual name is somebody else's. */
let another: string | undefined

/**
 * A folder for bundles that only this user can write: the code in it is run. Its name is known
 * beforehand, so one that somebody else made there is not taken.
 */
export function privateCacheFolder(): string {
  const uid = process.getuid?.() ?? 0
  const usual = join(tmpdir(), `devgodzilla-bundles-${uid}`)
  mkdirSync(usual, { recursive: true, mode: 0o700 })
  if (process.platform === 'win32' || isPrivate(usual, uid)) return usual
  if (!another || !isPrivate(another, uid)) another = mkdtempSync(`${usual}-`)
  return another
}

function isPrivate(folder: string, uid: number): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === uid && (found.mode & 0o022) === 0
}
