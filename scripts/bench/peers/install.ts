import { spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const peers = { 'task-master-ai': '0.43.1', 'backlog.md': '1.52.0' }

/**
 * Installs the others beside the project, never in it: they are 1.5 GB. A folder that has them from
 * an earlier run is used again.
 */
export async function installPeers(): Promise<{ folder: string; versions: typeof peers }> {
  const folder = join(tmpdir(), 'devgodzilla-bench-peers')
  await mkdir(folder, { recursive: true })
  const wanted = JSON.stringify({ private: true, dependencies: peers }, null, 2)
  const file = join(folder, 'package.json')
  const stamp = join(folder, 'installed')
  if ((await readFile(stamp, 'utf8').catch(absent)) !== wanted) {
    console.error(`Installing ${Object.keys(peers).join(' and ')} into ${folder} …`)
    await writeFile(file, wanted)
    const { status } = spawnSync(
      'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts'],
      {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    )
    if (status !== 0) throw new Error('npm could not install them; it says why above')
    await writeFile(stamp, wanted)
  }
  return { folder, versions: peers }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
