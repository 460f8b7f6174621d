import postgres from 'postgres'
import { socketsOf } from './socket.ts'

/**
 * What cannot be said is left to the server to refuse: where a serializer throws, while another
 * statement is under way, postgres.js 3.4 blames that one, and never answers this one nor any after it.
 */
const types = {
  // JSON numbers hold every id this system will ever hand out.
  bigint: { to: 20, from: [20], parse: Number, serialize: String },
  // Rows leave as they go into JSON: RFC 3339 in UTC.
  moment: {
    to: 1184,
    from: [1082, 1114, 1184],
    parse: (value: string) => new Date(value).toISOString(),
    serialize: (value: string | Date) =>
      value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : String(value),
  },
  json: {
    to: 114,
    from: [114, 3802],
    parse: (text: string) => JSON.parse(text),
    serialize: (value: unknown) => {
      try {
        return JSON.stringify(value) ?? `no JSON: ${String(value)}`
      } catch (error) {
        return `no JSON: ${error instanceof Error ? error.message : error}`
      }
    },
  },
}

type Types = { bigint: number; moment: string | Date }
export type Database = postgres.Sql<Types>
export type Tx = postgres.TransactionSql<Types>
/** Either: for reads that do not care whether they are part of a transaction. */
export type Db = Database | Tx

/**
 * Makes the first message of a connection longer than 1 kB. postgres.js 3.4 forgets to drop what was
 * to be written when a connection closes, nor does it write again on the next one until there is
 * that much of it: the connection would hang for minutes after a restart of the server. This way it
 * is written at once, refused by the server, and a new connection is made.
 */
const padding = ' '.repeat(1024)

/** A pool. `max` connections at most; the caller ends it. */
export function connect(url: string, options: { max?: number; name?: string } = {}): Database {
  return postgres(url, {
    max: options.max ?? 16,
    // Seconds until a lost connection is tried again: a server that was away is found soon.
    backoff: (failures) => Math.min(1, 0.05 * 2 ** failures),
    types,
    onnotice: () => {},
    // Known to the driver, not to its types.
    ...{ socket: socketsOf() },
    connection: { application_name: options.name ?? 'devgodzilla-api', options: padding },
  }) as unknown as Database
}

/**
 * Lets a first connection read which types there are, so that no later one has to: where it is lost
 * while it reads them, postgres.js 3.4 rejects a promise of its own, and the process ends.
 */
export async function readTypes(db: Database): Promise<void> {
  await db`select 1`
  db.options.fetch_types = false
}

/** The time by the one clock that all processes share: rows are stamped with it. */
export async function nowOf(db: Db): Promise<string> {
  const [row] = await db<{ now: string }[]>`select now() as now`
  if (!row) throw new Error('the database told no time')
  return row.now
}

/** Column list of a table whose rows have the shape of an entity. */
export const columnsOf = (entity: { shape: object }, except: readonly string[] = []): string[] =>
  Object.keys(entity.shape).filter((column) => !except.includes(column))

/** A row for `insert into t ${…}` or `update t set ${…}`; undefined fields are left out. */
export function rowFor(db: Db, row: object, jsonColumns: readonly string[] = []) {
  const given = Object.entries(row).filter(([, value]) => value !== undefined)
  return db(
    Object.fromEntries(
      given.map(([column, value]) => [
        column,
        jsonColumns.includes(column) && value !== null ? db.json(value) : value,
      ]),
    ) as Record<string, never>,
  )
}
