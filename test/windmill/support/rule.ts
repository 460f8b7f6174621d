import { afterAll, beforeAll, it } from 'vitest'
import { openServer, type Server } from './server.ts'
import { isBefore } from './version.ts'
import { workspace } from './workspace.ts'

let opened: Server | undefined

/** The server that the rules of this file are held against. */
export function server(): Server {
  if (!opened) throw new Error('the server is not open yet')
  return opened
}

/** What is known to be otherwise on some servers: reported instead of failing, if it holds there. */
export type Difference = {
  /** The first version that follows the rule; or the edition that has the feature. */
  since: string | 'EE'
  how: string
  /** What those servers do. Left out where nothing can be said of it. */
  holds?: () => Promise<void>
}

const seen: { rule: string; how: string }[] = []

/** One rule of Windmill, held against whatever server there is. */
export function rule(says: string, holds: () => Promise<void>, differs: Difference[] = []): void {
  it.concurrent(says, async () => {
    try {
      await holds()
    } catch (error) {
      const known = differs.find(({ since }) => isBefore(server().version, since))
      if (!known) throw error
      await known.holds?.()
      seen.push({ rule: says, how: known.how })
    }
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
