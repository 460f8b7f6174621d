import { createHash } from 'node:crypto'
import { parse, stringify } from 'yaml'
import { fieldsOf } from './json.ts'
import { remedy } from './lock.ts'
import type { Report } from './problem.ts'
import type { Workspace } from './workspace.ts'

/** Where wmill notes what it has seen, to tell which locks and schemas may be out of date. */
export const wmillLockFile = 'wmill-lock.yaml'

/** What `wmill generate-metadata rehash` would write. */
export function wmillLockOf(workspace: Workspace): string {
  return stringify({ version: 'v2', locks: hashesOf(workspace) }, { lineWidth: 0 })
}

export function checkWmillLock(workspace: Workspace, report: Report): void {
  const text = workspace.texts.get(wmillLockFile)
  if (text === undefined) return
  const noted = fieldsOf(fieldsOf(parse(text)).locks)
  const wanted = hashesOf(workspace)
  for (const key of new Set([...Object.keys(noted), ...Object.keys(wanted)])) {
    if (noted[key] !== wanted[key]) report(key, 'wmill-lock', `is not as it was noted: ${remedy}`)
  }
}

/** Hashes are over what the workspace says packages shall be, for us nothing, and the files. */
function hashesOf({ scripts, flows, texts }: Workspace): Record<string, string> {
  const hashes: [string, string][] = []
  for (const path of scripts.keys()) {
    const text = (end: string) => texts.get(`${path}${end}`) ?? ''
    hashes.push([path, sha256(`{}${text('.ts')}${text('.script.yaml')}`)])
  }
  for (const path of flows.keys()) {
    const folder = `${path}__flow/`
    const inline = [...texts]
      .filter(([file]) => file.startsWith(folder) && file.endsWith('.ts'))
      .map(([file, text]) => [file.slice(folder.length), sha256(`${text}{}`)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    const key = folder.slice(0, -1)
    for (const [file, hash] of inline) hashes.push([`${key}+${file}`, hash])
    hashes.push([`${key}+__flow_hash`, sha256(JSON.stringify(Object.fromEntries(inline)))])
  }
  return Object.fromEntries(hashes.sort(([a], [b]) => a.localeCompare(b, 'en')))
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
