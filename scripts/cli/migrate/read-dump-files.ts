import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError } from '../../connect/client.ts'
import { codeOf } from '../../postgres/error.ts'
import { parseCsv } from './csv.ts'

const tables = ['sprints', 'tasks', 'protocol_runs', 'step_runs'] as const
export type DumpFiles = Partial<Record<(typeof tables)[number], Record<string, unknown>[]>>

const howTo = `
Accepted are a folder with sprints, tasks, protocol_runs and step_runs, each as .json or .csv, or
one JSON file with the four as arrays. To make them from Postgres, for each table:
  psql "$OLD_DATABASE" -c "\\copy (select * from tasks) to tasks.csv with csv header"
and from SQLite:
  sqlite3 -json old.db "select * from tasks" > tasks.json`

/** Reads the tables of a dump. @throws CliError that says what is wrong, and how to make a good one */
export async function readDumpFiles(path: string): Promise<DumpFiles> {
  const kind = await stat(path).catch((error: unknown) => {
    throw new CliError(`${path} cannot be read: ${codeOf(error)}.`, { cause: error })
  })
  if (!kind.isDirectory()) return oneFile(path)
  const found: DumpFiles = {}
  for (const table of tables) {
    const rows = await oneTable(path, table)
    if (rows) found[table] = rows
  }
  if (Object.keys(found).length === 0) {
    throw new CliError(`${path} holds none of ${tables.join(', ')}.${howTo}`)
  }
  return found
}

async function oneTable(folder: string, table: string): Promise<DumpFiles['tasks']> {
  for (const [suffix, parse] of [
    ['json', (text: string) => rowsOf(JSON.parse(text === '' ? '[]' : text), table)],
    ['csv', parseCsv],
  ] as const) {
    const file = join(folder, `${table}.${suffix}`)
    const bytes = await readFile(file).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null
      throw new CliError(`${file} cannot be read: ${codeOf(error)}.`, { cause: error })
    })
    if (bytes) return parsed(file, bytes, parse)
  }
  return undefined
}

async function oneFile(path: string): Promise<DumpFiles> {
  const bytes = await readFile(path)
  const begin = bytes.subarray(0, 200).toString('latin1')
  const other = /^SQLite format 3/.test(begin)
    ? 'is a SQLite database'
    : /^PGDMP|PostgreSQL database dump/.test(begin)
      ? 'is a dump of pg_dump'
      : null
  if (other) throw new CliError(`${path} ${other}, which is not read directly.${howTo}`)
  return parsed(path, bytes, (text) => {
    const whole: unknown = JSON.parse(text)
    const entries = Object.entries(Array.isArray(whole) || whole === null ? {} : (whole as object))
    const known = entries.filter(([table]) => (tables as readonly string[]).includes(table))
    if (known.length === 0) throw new Error(`it holds none of ${tables.join(', ')}`)
    return Object.fromEntries(known.map(([table, rows]) => [table, rowsOf(rows, table)]))
  })
}

function rowsOf(value: unknown, table: string): Record<string, unknown>[] {
  const rows = value ?? []
  if (Array.isArray(rows) && rows.every((row) => typeof row === 'object' && row !== null)) {
    return rows as Record<string, unknown>[]
  }
  throw new Error(`${table} is not an array of rows`)
}

function parsed<T>(file: string, bytes: Buffer, parse: (text: string) => T): T {
  try {
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim())
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CliError(`${file} cannot be read: ${why}.${howTo}`, { cause: error })
  }
}
