import postgres from 'postgres'

const types = {
  // JSON numbers hold every id this system will ever hand out.
  bigint: { to: 20, from: [20], parse: Number, serialize: String },
  // Rows leave as they go into JSON: RFC 3339 in UTC.
  moment: {
    to: 1184,
    from: [1082, 1114, 1184],
    parse: (value: string) => new Date(value).toISOString(),
    serialize: (value: string | Date) => (value instanceof Date ? value.toISOString() : value),
  },
}

type Types = { bigint: number; moment: string | Date }
export type Database = postgres.Sql<Types>
export type Tx = postgres.TransactionSql<Types>
/** Either: for reads that do not care whether they are part of a transaction. */
export type Db = Database | Tx

/** A pool. `max` connections at most; the caller ends it. */
export function connect(url: string, options: { max?: number; name?: string } = {}): Database {
  return postgres(url, {
    max: options.max ?? 16,
    types,
    onnotice: () => {},
    connection: { application_name: options.name ?? 'devgodzilla-api' },
  }) as unknown as Database
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
