import { lstat, mkdtemp, readdir, realpath, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { missing } from './files.ts'
import type { Job } from './job.ts'

const prefix = 'devgodzilla-job-'
/** A folder in use is touched far more often than this; what is older was left by a dead process. */
const abandoned = 3_600_000
const beat = 60_000

/** A private folder that carries the job's id, for as long as it is used and no longer. */
export async function withJobFolder<T>(
  job: Pick<Job, 'id'>,
  use: (folder: string) => Promise<T>,
  name = '',
): Promise<T> {
  await removeAbandoned()
  const label = [job.id, name].filter(Boolean).map(folderName).join('-')
  const folder = await realpath(await mkdtemp(join(tmpdir(), `${prefix}${label}-`)))
  const touch = async () => utimes(folder, new Date(), new Date()).catch(missing)
  const heart = setInterval(() => void touch(), beat).unref()
  try {
    return await use(folder)
  } finally {
    clearInterval(heart)
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue
    const folder = join(tmpdir(), name)
    const found = await lstat(folder).catch(missing)
    if (!found?.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) continue
    if (Date.now() - found.mtimeMs < abandoned) continue
    await rm(folder, { recursive: true, force: true })
  }
}

const folderName = (id: string) => id.replace(/[^\w-]/g, '_').slice(0, 64)
