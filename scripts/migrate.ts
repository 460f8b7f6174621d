import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'

/** Beside `scripts/`, and beside `dist/` once bundled. */
const MIGRATIONS = fileURLToPath(new URL('../migrations/', import.meta.url))
/** Session lock of the process that migrates a database; the others wait for it. */
const MIGRATING = 7_263_002
const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/

/** A migration that must not be run, or did not; the database is as it was before it. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

type Migration = { version: number; name: string; file: string; text: string; checksum: string }
type Landed = { version: number; name: string; checksum: string }

/**
 * Brings a database up to the newest migration: `NNNN_name.sql`, in the order of the numbers, each
 * in a transaction of its own. Processes that do so at once take turns, and the later ones find
 * nothing to do.
 *
 * @returns the files that were applied by this call
 * @throws MigrationError when a number is missing or used twice, when a file that was applied has
 *   changed since, or when the database is ahead of these files
 */
export async function migrate(
  url: string,
  { dir = MIGRATIONS }: { readonly dir?: string } = {},
): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(dir)
  // A connection of its own: the session lock must not end with one that a pool recycles.
  const sql = postgres(url, { max: 1, idle_timeout: 0, max_lifetime: null, onnotice: () => {} })
  try {
    await sql`select pg_advisory_lock(${MIGRATING})`
    return { applied: await applyPending(sql, migrations) }
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function applyPending(sql: postgres.Sql, migrations: Migration[]): Promise<string[]> {
  await sql`
    create table if not exists schema_migrations (
      version integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`
  const landed = await sql<Landed[]>`
    select version, name, checksum from schema_migrations order by version`
  refuseDrift(landed, migrations)

  const applied: string[] = []
  for (const migration of migrations.slice(landed.length)) {
    await apply(sql, migration)
    applied.push(migration.file)
  }
  return applied
}

async function apply(sql: postgres.Sql, migration: Migration): Promise<void> {
  const { version, name, checksum, file, text } = migration
  try {
    await sql.begin(async (tx) => {
      await tx.unsafe(text)
      await tx`insert into schema_migrations ${tx({ version, name, checksum })}`
    })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const at = error instanceof postgres.PostgresError ? lineOf(text, error.position) : ''
    throw new MigrationError(`${file}${at} failed and was rolled back: ${why}`, { cause: error })
  }
}

/** What was applied must be what the files say, from the first on. */
function refuseDrift(landed: readonly Landed[], migrations: readonly Migration[]): void {
  for (const [index, row] of landed.entries()) {
    const file = migrations[index]
    if (!file) {
      throw new MigrationError(
        `The database is ahead: it has migration ${row.version} (${row.name}), and the newest here is ${migrations.length}. Run the version of DevGodzilla that made it, or a newer one.`,
      )
    }
    if (row.version !== file.version || row.name !== file.name || row.checksum !== file.checksum) {
      throw new MigrationError(
        `${file.file} is not what was applied to the database as migration ${row.version} (${row.name}). Restore the file, and put the change into a new migration.`,
      )
    }
  }
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (file, index) => {
      const match = FILE_NAME.exec(file)
      if (!match) {
        throw new MigrationError(`${file} is not named like 0001_lower_case_words.sql.`)
      }
      const [version, name] = [Number(match[1]), match[2] ?? '']
      const expected = index + 1
      if (version < expected) {
        throw new MigrationError(`Migration number ${match[1]} is used twice (${file}).`)
      }
      if (version > expected) {
        throw new MigrationError(`Migration number ${expected} is missing before ${file}.`)
      }
      // Git may hand the same file out with other line ends.
      const text = (await readFile(join(dir, file), 'utf8')).replaceAll('\r\n', '\n')
      const checksum = createHash('sha256').update(text).digest('hex')
      return { version, name, file, text, checksum }
    }),
  )
}

/** ` (line 12)`, from the character position a server reports, counted from one. */
function lineOf(text: string, position: string | undefined): string {
  const offset = Number(position)
  return offset > 0 ? ` (line ${text.slice(0, offset - 1).split('\n').length})` : ''
}
