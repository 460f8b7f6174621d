import { lstat, mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Made when the usual name is somebody else's. */
const another = new Map<string, Promise<string>>()

/**
 * A folder of this worker that outlives a job, and that this user alone can enter. Its name is
 * known beforehand, so one that somebody else made there is not taken.
 */
export async function privateFolder(name: string): Promise<string> {
  const uid = process.getuid?.() ?? 0
  const usual = join(tmpdir(), `${name}-${uid}`)
  await mkdir(usual, { recursive: true, mode: 0o700 })
  const found = await lstat(usual)
  const ours = found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0
  if (ours || process.platform === 'win32') return usual
  const made = another.get(usual) ?? mkdtemp(`${usual}-`)
  another.set(usual, made)
  return made
}
