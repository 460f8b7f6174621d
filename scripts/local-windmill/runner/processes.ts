import { readdir, readFile } from 'node:fs/promises'

/**
 * Kills what a step started and left running: the children it reported, all that carry the
 * step's id in their environment, and everything below them. Without /proc only the reported
 * children are reached.
 */
export async function killProcesses(stepId: string, reported: Iterable<number>): Promise<void> {
  const marked = new Set(reported)
  // A process may fork between the look and the kill, so look until nothing is left.
  for (let round = 0; round < 5; round++) {
    const family = await findFamily(stepId, marked)
    if (family.size === 0 && round > 0) return
    for (const pid of family) kill(pid)
    for (const pid of round === 0 ? marked : []) kill(pid)
    if (process.platform !== 'linux') return
  }
}

async function findFamily(stepId: string, reported: Set<number>): Promise<Set<number>> {
  const processes = await listProcesses(stepId)
  const family = new Set<number>()
  for (const [pid, { carriesId }] of processes) {
    if (pid !== process.pid && (carriesId || reported.has(pid))) family.add(pid)
  }
  for (let grown = true; grown; ) {
    grown = false
    for (const [pid, { parent }] of processes) {
      if (family.has(parent) && !family.has(pid)) {
        family.add(pid)
        grown = true
      }
    }
  }
  return family
}

type ProcessEntry = { parent: number; carriesId: boolean }

async function listProcesses(stepId: string): Promise<Map<number, ProcessEntry>> {
  const found = new Map<number, ProcessEntry>()
  if (process.platform !== 'linux') return found
  const names = await readdir('/proc')
  await Promise.all(
    names.map(async (name) => {
      const pid = Number(name)
      if (!Number.isInteger(pid)) return
      const [status, environ] = await Promise.all([
        readIfAllowed(`/proc/${name}/stat`),
        readIfAllowed(`/proc/${name}/environ`),
      ])
      // The name in the second field may hold anything; state and parent follow its last ")".
      const [state, parent] = status.slice(status.lastIndexOf(')') + 2).split(' ')
      if (!parent || state === 'Z') return
      found.set(pid, {
        parent: Number(parent),
        carriesId: environ.split('\0').includes(`WM_JOB_ID=${stepId}`),
      })
    }),
  )
  return found
}

/** Processes end, and belong to others, at any moment: both read as empty. */
async function readIfAllowed(file: string): Promise<string> {
  try {
    return await readFile(file, 'latin1')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return ''
    throw error
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}
