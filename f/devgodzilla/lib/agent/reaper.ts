import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Waits until its input ends, which it does when it is told to or when we die, however that
 * happens; then ends a process group and, where there is a /proc, everything with a mark in its
 * environment or at work in the folder, until nothing is left. First with a word, so that locks are
 * not left behind.
 */
const program = `
read -r _
signal=TERM
for round in 1 2 3 4 5 6; do
  found=
  kill -$signal -- "-$1" 2>/dev/null && found=1
  for file in $(grep -lsF -- "$2" /proc/[0-9]*/environ
      find /proc/[0-9]*/cwd -maxdepth 0 '(' -lname "$3" -o -lname "$3/*" ')' 2>/dev/null); do
    pid=\${file#/proc/}
    kill -$signal "\${pid%/*}" 2>/dev/null && found=1
  done
  [ -n "$found" ] || exit 0
  [ $signal = KILL ] || sleep 0.2
  signal=KILL
done`

export interface Reaper {
  /** Kills what is left of them. */
  reap(): Promise<void>
}

/**
 * @param mark `NAME=value` as it stands in the environment of those to be killed
 * @param folder a private one, links resolved: nobody else is at work there
 */
export function reaperOf(group: number, mark: string, folder: string): Reaper {
  const child = spawn(
    '/bin/sh',
    ['-c', program, 'reaper', String(group), mark, folder.replace(/[\\*?[]/g, '\\$&')],
    {
      // Outside the family it kills: neither of its group nor with its mark.
      detached: true,
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  )
  child.stdin.on('error', () => undefined)
  const ended = once(child, 'exit')
  // Where there is no shell, that is told by reap().
  ended.catch(() => undefined)
  return {
    async reap() {
      child.stdin.end()
      await ended
    },
  }
}
