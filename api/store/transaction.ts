import postgres from 'postgres'
import type { Database, Tx } from './database.ts'
import type { Origin } from './events.ts'
import { originText } from './revisions.ts'

/**
 * Sends a statement whose answer nobody needs, behind those before it, and waits for none: the
 * transaction commits only with it, and fails with its error.
 */
export type Send = (statement: Promise<unknown>) => Promise<void>

/** Statements under way that nobody waits for. */
class Unawaited {
  readonly #statements: Promise<unknown>[] = []
  #failure: { error: unknown } | undefined

  readonly send: Send = async (statement) => {
    this.#statements.push(statement)
    statement.catch((error: unknown) => {
      this.#failure ??= { error }
    })
  }

  /** Before the commit. @throws what kept one of them from being sent: the server knows nothing of that */
  async areSent(): Promise<void> {
    await new Promise<void>((resolve) => process.nextTick(resolve))
    if (this.#failure) throw this.#failure.error
  }

  /** After the commit, which the server has made a rollback where one of them failed. @throws its error */
  async areAnswered(): Promise<void> {
    await Promise.all(this.#statements)
  }
}

/**
 * Runs `work` in one transaction. A lost race (deadlock, serialization) is run again, twice, and so
 * is a transaction that could not begin: a pooled connection may have gone unnoticed. It may record
 * events, for which the stream waits, unless it is to read alone: then all of it sees one moment.
 * Its changes are on the account of `origin`, unless it says otherwise (`tellOrigin`).
 */
export async function transaction<T>(
  db: Database,
  work: (tx: Tx, send: Send) => Promise<T>,
  { readsAlone = false, origin }: { readsAlone?: boolean; origin?: Origin } = {},
): Promise<T> {
  const mode = readsAlone ? 'isolation level repeatable read read only' : ''
  for (let attempt = 1; ; attempt++) {
    const connection = { lost: false, over: false }
    const unawaited = new Unawaited()
    let begun = false
    const begin = async (tx: Tx) => {
      begun = true
      try {
        if (origin) await unawaited.send(beginOnAccountOf(tx, origin))
        else if (!readsAlone) await unawaited.send(beginRecording(tx))
        const result = await work(tx, unawaited.send)
        await unawaited.areSent()
        return result
      } finally {
        connection.over = true
      }
    }
    try {
      const result = (await db.begin(mode, onlyWhileOpen(begin, connection))) as T
      await unawaited.areAnswered()
      return result
    } catch (error) {
      connection.lost = true
      if (attempt === 3 || (begun && !lostARace(error))) throw error
    }
  }
}

const beginRecording = async (tx: Tx) => tx`select begin_recording()`
const beginOnAccountOf = async (tx: Tx, origin: Origin) => tx`
  select begin_recording(), set_config('devgodzilla.origin', ${originText(origin)}, true)`

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
 * write, so the work never settles then; the transaction itself is refused all the same. Keeps it
 * off one whose transaction is over as well: what goes on beside work that failed would be committed.
 */
function onlyWhileOpen<T>(
  work: (tx: Tx) => Promise<T>,
  connection: { lost: boolean; over: boolean },
) {
  const refusal = () => {
    if (connection.lost) return Object.assign(new Error(gone), { code: 'CONNECTION_CLOSED' })
    return connection.over ? new Error('the transaction is over') : null
  }
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
      const refused = refusal() ?? unsayable(args)
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

/**
 * Where a statement holds what the driver refuses, while another is under way, postgres.js 3.4 blames
 * that one, and never answers this one nor any after it: it is refused before the driver has it.
 */
function unsayable([first, ...values]: readonly unknown[]): Error | null {
  const isText = isObject(first) && 'raw' in first
  const said = isText
    ? values
    : [first].flat().flatMap((row) => (isObject(row) ? Object.values(row) : row))
  if (said.some((value) => holds(value, 'undefined'))) {
    return new TypeError('a statement holds an undefined value')
  }
  if (said.some((value) => holds(value, 'symbol'))) {
    return new TypeError('a statement holds a symbol as a value')
  }
  const count = isText ? sum(values.map(parametersOf)) : 0
  if (count <= mostParameters) return null
  return new RangeError(`a statement holds ${count} values, and may hold ${mostParameters}`)
}

/** Of what is to be JSON only the whole counts: inside of it, the undefined is left out. */
function holds(value: unknown, type: 'undefined' | 'symbol'): boolean {
  if (Array.isArray(value)) return value.some((item) => typeof item === type)
  return typeof value === type || (isParameter(value) && typeof value.value === type)
}

/** Parameters are counted in 16 bits; the driver leaves two of these numbers unused. */
const mostParameters = 65_533

/** What a value of a statement comes to: a list of values or rows, a fragment, or just one. */
function parametersOf(value: unknown): number {
  if (isHelper(value)) {
    const rows = [value.first].flat()
    return sum(
      rows.map((row) => (isObject(row) ? value.rest.length || Object.keys(row).length : 1)),
    )
  }
  return isFragment(value) ? sum(value.args.map(parametersOf)) : 1
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

const isObject = (it: unknown): it is object => typeof it === 'object' && it !== null
const isParameter = (it: unknown): it is { value: unknown } =>
  isObject(it) && 'value' in it && 'type' in it
/** `tx(rows)`, `tx(columns)`, `tx(values)`. */
const isHelper = (it: unknown): it is { first: unknown; rest: readonly unknown[] } =>
  isObject(it) && 'first' in it && 'rest' in it
const isFragment = (it: unknown): it is { args: readonly unknown[] } =>
  isObject(it) && 'strings' in it && 'args' in it

const gone = 'the connection to Postgres was lost'
const closed = ['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'ECONNRESET', 'EPIPE']
const endedByServer = ['57P01', '57P02', '57P05', '25P03', '25P04']

/** Errors of postgres.js name their query; the same codes come from other connections as well. */
function lostConnection(error: unknown): boolean {
  if (!(error instanceof Error) || !('query' in error) || !('code' in error)) return false
  return [...closed, ...endedByServer].includes(String(error.code))
}
