import postgres from 'postgres'
import type { Database, Tx } from './database.ts'

/**
 * Runs `work` in one transaction. A lost race (deadlock, serialization) is run again, twice, and so
 * is a transaction that could not begin: a pooled connection may have gone unnoticed.
 */
export async function transaction<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const connection = { lost: false }
    let begun = false
    const begin = (tx: Tx) => {
      begun = true
      return work(tx)
    }
    try {
      return (await db.begin(onlyWhileConnected(begin, connection))) as T
    } catch (error) {
      connection.lost = true
      if (attempt === 3 || (begun && !lostARace(error))) throw error
    }
  }
}

const lostARace = (error: unknown) =>
  error instanceof postgres.PostgresError && ['40001', '40P01'].includes(error.code)

/**
 * Keeps work off a connection that has gone: postgres.js 3.4 would write to it where no caller can
 * catch the error, and the process would end (porsager/postgres#1208). Its own rollback is such a
 * write, so the work never settles then; the transaction itself is refused all the same.
 */
function onlyWhileConnected<T>(work: (tx: Tx) => Promise<T>, connection: { lost: boolean }) {
  return async (tx: Tx): Promise<T> => {
    const guarded = new Proxy(tx, {
      apply(target, self, args) {
        if (connection.lost) throw Object.assign(new Error(gone), { code: 'CONNECTION_CLOSED' })
        return Reflect.apply(target, self, args)
      },
      get(target, name, self) {
        if (name !== 'savepoint') return Reflect.get(target, name, self)
        return (inner: (tx: Tx) => Promise<unknown>) =>
          target.savepoint(onlyWhileConnected(inner, connection))
      },
    })
    try {
      return await work(guarded)
    } catch (error) {
      if (connection.lost || lostConnection(error)) return new Promise<never>(() => {})
      throw error
    }
  }
}

const gone = 'the connection to Postgres was lost'
const closed = ['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'ECONNRESET', 'EPIPE']
const endedByServer = ['57P01', '57P02', '57P05', '25P03', '25P04']

/** Errors of postgres.js name their query; the same codes come from other connections as well. */
function lostConnection(error: unknown): boolean {
  if (!(error instanceof Error) || !('query' in error) || !('code' in error)) return false
  return [...closed, ...endedByServer].includes(String(error.code))
}
