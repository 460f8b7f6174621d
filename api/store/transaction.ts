import postgres from 'postgres'
import type { Database, Tx } from './database.ts'

/**
 * Runs `work` in one transaction. A lost race (deadlock, serialization) is run again, twice, and so
 * is a transaction that could not begin: a pooled connection may have gone unnoticed. It may record
 * events, for which the stream waits, unless it is to read alone: then all of it sees one moment.
 */
export async function transaction<T>(
  db: Database,
  work: (tx: Tx) => Promise<T>,
  { readsAlone = false } = {},
): Promise<T> {
  const mode = readsAlone ? 'isolation level repeatable read read only' : ''
  for (let attempt = 1; ; attempt++) {
    const connection = { lost: false }
    let begun = false
    const begin = async (tx: Tx) => {
      begun = true
      if (!readsAlone) await tx`select begin_recording()`
      return work(tx)
    }
    try {
      return (await db.begin(mode, onlyWhileConnected(begin, connection))) as T
    } catch (error) {
      connection.lost = true
      if (attempt === 3 || (begun && !lostARace(error))) throw error
    }
  }
}

const lostARace = (error: unknown) =>
  error instanceof postgres.PostgresError && ['40001', '40P01'].includes(error.code)

/**
 * Runs part of a transaction that may be undone alone, for at most so long (ms): then it fails, and
 * nothing it does later reaches the database. The transaction should limit its statements as well
 * (`limitStatements`), since one that hangs keeps the connection from undoing anything.
 */
export async function attemptWithin<T>(
  tx: Tx,
  limit: number,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  let over = false
  let timer: NodeJS.Timeout | undefined
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${limit} ms`)), limit)
  })
  const refusal = () => (over ? new Error('its time was up') : null)
  try {
    return (await tx.savepoint((inner) =>
      Promise.race([work(guarded(inner as Tx, refusal)), timeUp]).finally(() => {
        over = true
      }),
    )) as T
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Cancels each statement of this transaction that takes longer (ms), and ends the transaction where
 * nothing is asked of it for twice as long: its process has stopped.
 */
export async function limitStatements(tx: Tx, limit: number): Promise<void> {
  await tx`
    select set_config('statement_timeout', ${String(limit)}, true),
      set_config('idle_in_transaction_session_timeout', ${String(2 * limit)}, true)`
}

/**
 * Keeps work off a connection that has gone: postgres.js 3.4 would write to it where no caller can
 * catch the error, and the process would end (porsager/postgres#1208). Its own rollback is such a
 * write, so the work never settles then; the transaction itself is refused all the same.
 */
function onlyWhileConnected<T>(work: (tx: Tx) => Promise<T>, connection: { lost: boolean }) {
  const refusal = () =>
    connection.lost ? Object.assign(new Error(gone), { code: 'CONNECTION_CLOSED' }) : null
  const settling = async (tx: Tx, inner: (tx: Tx) => Promise<unknown>): Promise<unknown> => {
    try {
      return await inner(tx)
    } catch (error) {
      if (connection.lost || lostConnection(error)) return new Promise<never>(() => {})
      throw error
    }
  }
  return (tx: Tx) => settling(guarded(tx, refusal, settling), work as never) as Promise<T>
}

/**
 * A transaction that takes no more statements once there is a `refusal`, in its savepoints neither;
 * `around` wraps the work of those.
 */
function guarded(
  tx: Tx,
  refusal: () => Error | null,
  around = (inner: Tx, work: (tx: Tx) => Promise<unknown>) => work(inner),
): Tx {
  return new Proxy(tx, {
    apply(target, self, args) {
      const refused = refusal()
      if (refused) throw refused
      return Reflect.apply(target, self, args)
    },
    get(target, name, self) {
      if (name !== 'savepoint') return Reflect.get(target, name, self)
      return (work: (tx: Tx) => Promise<unknown>) => {
        const refused = refusal()
        if (refused) throw refused
        return target.savepoint((inner) => around(guarded(inner as Tx, refusal, around), work))
      }
    },
  })
}

const gone = 'the connection to Postgres was lost'
const closed = ['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'ECONNRESET', 'EPIPE']
const endedByServer = ['57P01', '57P02', '57P05', '25P03', '25P04']

/** Errors of postgres.js name their query; the same codes come from other connections as well. */
function lostConnection(error: unknown): boolean {
  if (!(error instanceof Error) || !('query' in error) || !('code' in error)) return false
  return [...closed, ...endedByServer].includes(String(error.code))
}
