import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const prefix = 'devgodzilla-agent-'
/** Far more than an agent is given; what is older was left by a process that died. */
const abandoned = 24 * 3_600_000

/** A folder that only this user can read, for as long as `use` takes. */
export async function withAgentHome<T>(
  name: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  await removeAbandoned()
  const called = name.replace(/[^\w-]/g, '_').slice(0, 64)
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${called}-`))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue
    const folder = join(tmpdir(), name)
    const found = await lstat(folder).catch(gone)
    if (!found?.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) continue
    if (Date.now() - found.mtimeMs < abandoned) continue
    await rm(folder, { recursive: true, force: true })
  }
}

/** Another job may have been faster. */
function gone(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
  throw error
}
