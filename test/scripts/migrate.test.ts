import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { MigrationError, migrate } from '../../scripts/migrate.ts'
import { testDatabase } from '../support/database.ts'

const db = await testDatabase()
const folders: string[] = []
afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true }))))

async function folderOf(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'migrations-'))
  folders.push(dir)
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text)
  return dir
}

const ONE = { '0001_first.sql': 'create table first (id int);' }
const TWO = {
  ...ONE,
  '0002_second.sql': 'create table second (id int);\ninsert into second values (1);',
}

beforeEach(async () => {
  // The template came with the product's own migrations; these tests bring theirs.
  await db.sql`drop schema public cascade`
  await db.sql`create schema public`
})

describe('migrate', () => {
  it('applies what is pending, in order, and then nothing', async () => {
    expect(await migrate(db.url, { dir: await folderOf(ONE) })).toEqual({
      applied: ['0001_first.sql'],
    })
    const dir = await folderOf(TWO)
    expect(await migrate(db.url, { dir })).toEqual({ applied: ['0002_second.sql'] })
    expect(await migrate(db.url, { dir })).toEqual({ applied: [] })
    expect(await db.sql`select version, name from schema_migrations order by version`).toEqual([
      { version: 1, name: 'first' },
      { version: 2, name: 'second' },
    ])
  })

  it('lets concurrent callers wait for the one that migrates', async () => {
    const dir = await folderOf({
      '0001_slow.sql': 'create table slow (id int); select pg_sleep(0.2);',
      ...{ '0002_second.sql': TWO['0002_second.sql'] },
    })
    const answers = await Promise.all([1, 2, 3].map(() => migrate(db.url, { dir })))
    expect(answers.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 2])
    expect(await db.sql`select count(*)::int as n from second`).toEqual([{ n: 1 }])
  })

  it('refuses a file that changed after it was applied', async () => {
    await migrate(db.url, { dir: await folderOf(TWO) })
    const dir = await folderOf({ ...TWO, '0001_first.sql': 'create table first (id bigint);' })
    await expect(migrate(db.url, { dir })).rejects.toThrow(
      /0001_first\.sql is not what was applied/,
    )
  })

  it('takes other line ends for the same file', async () => {
    await migrate(db.url, { dir: await folderOf(TWO) })
    const dir = await folderOf({
      ...TWO,
      '0002_second.sql': TWO['0002_second.sql'].replaceAll('\n', '\r\n'),
    })
    expect(await migrate(db.url, { dir })).toEqual({ applied: [] })
  })

  it('refuses a missing number, a number used twice and a name it does not know', async () => {
    const sql = 'select 1;'
    const refusal = async (files: Record<string, string>) =>
      migrate(db.url, { dir: await folderOf(files) }).catch((error: unknown) => error)

    const missing = await refusal({ '0001_a.sql': sql, '0003_c.sql': sql })
    expect(missing).toBeInstanceOf(MigrationError)
    expect(String(missing)).toMatch(/number 2 is missing/)
    expect(String(await refusal({ '0001_a.sql': sql, '0001_b.sql': sql }))).toMatch(/used twice/)
    expect(String(await refusal({ '1_a.sql': sql }))).toMatch(/not named like/)
    expect(await db.sql`select to_regclass('schema_migrations') as t`).toEqual([{ t: null }])
  })

  it('refuses a database that is ahead of the files', async () => {
    await migrate(db.url, { dir: await folderOf(TWO) })
    await expect(migrate(db.url, { dir: await folderOf(ONE) })).rejects.toThrow(
      /database is ahead: it has migration 2 \(second\)/,
    )
  })

  it('rolls a failing file back, keeps those before it, and names the line', async () => {
    const broken = { ...ONE, '0002_broken.sql': 'create table half (id int);\nselect nonsense;' }
    await expect(migrate(db.url, { dir: await folderOf(broken) })).rejects.toThrow(
      /0002_broken\.sql \(line 2\) failed and was rolled back: .*nonsense/,
    )
    const [left] = await db.sql`select to_regclass('first') as first, to_regclass('half') as half`
    expect(left).toEqual({ first: 'first', half: null })
    expect(await migrate(db.url, { dir: await folderOf(TWO) })).toEqual({
      applied: ['0002_second.sql'],
    })
  })
})
