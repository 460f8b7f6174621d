import postgres from 'postgres'

export interface Instance {
  /** Says where this instance answers, for the message a second one gives. */
  announce(url: string): Promise<void>
  /** Resolves when the claim is lost: its connection has ended, though nobody released it. */
  lost: Promise<void>
  release(): Promise<void>
}

/** Somebody else runs on this data folder. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning'
}

const prefix = 'devgodzilla at '

/**
 * Claims a scope of a database: an engine's workspace, or a data folder. The claim is a lock of a connection, so it is gone with
 * its process, however that ends.
 * @throws AlreadyRunning, naming the address of the one that holds it
 */
export async function claimInstance(
  databaseUrl: string,
  scope: string,
  dataDir: string,
): Promise<Instance> {
  let lose = () => {}
  const lost = new Promise<void>((resolve) => {
    lose = resolve
  })
  let released = false
  const sql = postgres(databaseUrl, {
    onclose: () => {
      if (!released) lose()
    },
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
    connection: { application_name: `${prefix}…` },
  })
  const [claim] = await sql<{ taken: boolean }[]>`
    select pg_try_advisory_lock(hashtextextended(${`devgodzilla ${scope}`}, 0)) as taken`
  if (!claim?.taken) {
    const [other] = await sql<{ application_name: string }[]>`
      select application_name from pg_stat_activity
      where application_name like ${`${prefix}http%`} and pid <> pg_backend_pid() limit 1`
    released = true
    await sql.end()
    const where = other ? ` at ${other.application_name.slice(prefix.length)}` : ''
    throw new AlreadyRunning(
      `DevGodzilla is already running on the data folder ${dataDir}, or on its database${where}. Stop it first, or give this one a folder, a database and ports of its own (--data-dir, --database-url, --port, --windmill-port).`,
    )
  }
  return {
    announce: async (url) => {
      await sql`select set_config('application_name', ${prefix + url}, false)`
    },
    lost,
    release: () => {
      released = true
      return sql.end({ timeout: 1 })
    },
  }
}
