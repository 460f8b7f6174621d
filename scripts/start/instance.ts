import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'

export interface Instance {
  /** Says where this instance answers, for the message a second one gives. */
  announce(url: string): Promise<void>
  /**
   * Resolves when the claim is lost for good: another one has it, or the database has been away for
   * too long. One that was lost with its connection is taken again where nobody else has it.
   */
  lost: Promise<'taken' | 'away'>
  release(): Promise<void>
}

/** Somebody else runs on this data folder. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning'
}

const prefix = 'devgodzilla at '
/** How long a server may take to notice that a connection of ours has gone (ms). */
const notice = 3000
const pause = 100

/**
 * Claims a scope of a database: an engine's workspace, or a data folder. The claim is a lock of a
 * connection, so it is gone with its process, however that ends.
 *
 * @param patience how long the database may be away before the claim counts as lost (ms)
 * @throws AlreadyRunning, naming the address of the one that holds it
 */
export async function claimInstance(
  databaseUrl: string,
  scope: string,
  dataDir: string,
  patience: number,
): Promise<Instance> {
  let lose = (_: 'taken' | 'away') => {}
  const lost = new Promise<'taken' | 'away'>((resolve) => {
    lose = resolve
  })
  let released = false
  let address = '…'

  /** A connection that holds the lock; null where another one does. */
  const take = async (): Promise<postgres.Sql | null> => {
    let holds = false
    const sql = postgres(databaseUrl, {
      onclose: () => {
        if (holds && !released) void retake()
      },
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      fetch_types: false,
      onnotice: () => {},
      connection: { application_name: prefix + address },
    })
    try {
      const [claim] = await sql<{ taken: boolean }[]>`
        select pg_try_advisory_lock(hashtextextended(${`devgodzilla ${scope}`}, 0)) as taken`
      holds = claim?.taken === true
      return holds ? sql : null
    } finally {
      if (!holds) await sql.end({ timeout: 1 })
    }
  }
  const retake = async () => {
    let [away, foreign] = [0, 0]
    while (!released) {
      const began = performance.now()
      const taken = await take().catch(() => undefined)
      if (taken) {
        held = taken
        return
      }
      await sleep(pause)
      const took = performance.now() - began
      if (taken === undefined) away += took
      else foreign += took
      if (foreign > notice) return lose('taken')
      if (away > patience) return lose('away')
    }
  }

  let held = await take()
  if (!held) {
    throw new AlreadyRunning(
      `DevGodzilla is already running on the data folder ${dataDir}, or on its database${await otherOne(databaseUrl)}. Stop it first, or give this one a folder, a database and ports of its own (--data-dir, --database-url, --port, --windmill-port).`,
    )
  }
  return {
    announce: async (url) => {
      address = url
      if (held) await held`select set_config('application_name', ${prefix + url}, false)`
    },
    lost,
    release: async () => {
      released = true
      await held?.end({ timeout: 1 })
    },
  }
}

async function otherOne(databaseUrl: string): Promise<string> {
  const sql = postgres(databaseUrl, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    const [other] = await sql<{ application_name: string }[]>`
      select application_name from pg_stat_activity
      where application_name like ${`${prefix}http%`} and pid <> pg_backend_pid() limit 1`
    return other ? ` at ${other.application_name.slice(prefix.length)}` : ''
  } finally {
    await sql.end({ timeout: 1 })
  }
}
