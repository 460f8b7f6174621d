import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'

const MEMORY = '/dev/shm'
/** What must be free there (bytes): a run keeps a few hundred megabytes at most. */
const ENOUGH = 2 ** 31

/**
 * Where short-lived data goes: memory where there is enough of it, since a test database is some
 * three hundred files and some disks take a millisecond to create one. Programs may not run there.
 */
export async function memoryFolder(): Promise<string> {
  if (!existsSync(MEMORY)) return tmpdir()
  const { bavail, bsize } = await statfs(MEMORY)
  return bavail * bsize > ENOUGH ? MEMORY : tmpdir()
}
