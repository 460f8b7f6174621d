import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { codeOf } from './error.ts'

/** Held, shared, by every process that uses the embedded server; on its maintenance database. */
const IN_USE = 7_263_001

/** How long the server may take to notice that a killed process no longer holds its share (ms). */
const NOTICE = 1_000

/** A process's share in a running server. */
export type Claim = {
  /** Gives the share up; `stop` is called, with nobody able to join meanwhile, if it was the last. */
  release(stop: () => Promise<void>): Promise<{ last: boolean }>
}

/** Answers of a server that is coming up, going down, or gone: worth another try. */
const PASSING = new Set([
  '57P01',
  '57P02',
  '57P03',
  'ECONNREFUSED',
  'ECONNRESET',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
])

/**
 * Joins the users of a server and sees to it that `database` exists. Answers undefined when the
 * server does not answer right now. The share is a session lock, so that it ends with the process,
 * however that ends.
 */
export async function claimServer(
  maintenanceUrl: string,
  database: string,
): Promise<Claim | undefined> {
  const sql = postgres(maintenanceUrl, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 5,
    fetch_types: false,
    onnotice: () => {},
    connection: { application_name: 'devgodzilla: keeps the server' },
  })
  try {
    await sql`select pg_advisory_lock_shared(${IN_USE})`
    await createIfMissing(sql, database)
  } catch (error) {
    await sql.end({ timeout: 0 })
    if (PASSING.has(codeOf(error) ?? '')) return undefined
    throw error
  }
  return {
    async release(stop) {
      try {
        const last = await isLast(sql)
        if (last) await stop()
        return { last }
      } finally {
        await sql.end({ timeout: 1 })
      }
    },
  }
}

async function isLast(sql: postgres.Sql): Promise<boolean> {
  try {
    await sql`select pg_advisory_unlock_shared(${IN_USE})`
    const deadline = performance.now() + NOTICE
    for (;;) {
      const [row] = await sql<{ alone: boolean }[]>`select pg_try_advisory_lock(${IN_USE}) as alone`
      if (row?.alone || performance.now() > deadline) return row?.alone === true
      await sleep(20)
    }
  } catch (error) {
    if (PASSING.has(codeOf(error) ?? '')) return true
    throw error
  }
}

async function createIfMissing(sql: postgres.Sql, database: string): Promise<void> {
  const [found] = await sql`select 1 from pg_database where datname = ${database}`
  if (found) return
  try {
    await sql`create database ${sql(database)}`
  } catch (error) {
    // Another process was faster.
    if (!['42P04', '23505'].includes(codeOf(error) ?? '')) throw error
  }
}
