import { afterAll, beforeAll, it } from 'vitest'
import { type Difference, differenceFrom } from './difference.ts'
import { NotTaken } from './not-taken.ts'
import { openServer, type Server } from './server.ts'
import { workspace } from './workspace.ts'

let opened: Server | undefined

/** The server that the rules of this file are held against. */
export function server(): Server {
  if (!opened) throw new Error('the server is not open yet')
  return opened
}

/** A path of the suite. @throws NotTaken when the server has refused what belongs there */
export function taken(path: string): string {
  const reason = server().refused.get(path)
  if (reason !== undefined) throw new NotTaken(path, reason)
  return path
}

const seen: { rule: string; how: string }[] = []

/** One rule of Windmill, held against whatever server there is. */
export function rule(says: string, holds: () => Promise<void>, differs: Difference[] = []): void {
  it.concurrent(says, async () => {
    const known = await differenceFrom(server().version, holds, differs)
    if (known) seen.push({ rule: says, how: known.how })
  })
}

/** Opens the server for this test file, and tells at the end what was otherwise. */
export function onOneServer(): void {
  beforeAll(async () => {
    opened = await openServer(workspace)
  }, 300_000)
  afterAll(async () => {
    await opened?.close()
    if (!opened || seen.length === 0) return
    const rows = seen.map(({ rule, how }) => `  - ${rule}: ${how}`)
    console.log(`Known differences of ${opened.version}:\n${rows.join('\n')}`)
  }, 300_000)
}
