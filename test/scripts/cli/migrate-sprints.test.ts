import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseCsv } from '../../../scripts/cli/migrate/csv.ts'
import { asCsv, firstVersion } from '../../fixtures/first-version.ts'
import { testApi } from '../../support/api.ts'

const api = await testApi()
const bin = fileURLToPath(new URL('../../../scripts/bin.mjs', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'devgodzilla-migrate-'))
afterAll(() => rm(folder, { recursive: true }))

const migrate = (...args: string[]) =>
  execa(process.execPath, [bin, 'migrate-sprints', ...args], {
    reject: false,
    env: { DEVGODZILLA_URL: api.url, DEVGODZILLA_TOKEN: api.adminToken },
  })

beforeAll(async () => {
  for (const slug of ['by-csv', 'by-json', 'own']) {
    await api.post('/projects', { slug, name: slug, settings: { auto_create_sprint: false } })
  }
  for (const [table, rows] of Object.entries(firstVersion)) {
    await writeFile(join(folder, `${table}.csv`), asCsv(rows))
  }
  await writeFile(join(folder, 'whole.json'), JSON.stringify(firstVersion))
}, 60_000)

test('--help shows the way from the look to the deed, and from an old database to a folder', async () => {
  const { stdout, exitCode } = await migrate('--help')
  expect(exitCode).toBe(0)
  for (const words of ['--dry-run', '--plan plan.json', '\\copy (select * from tasks)', '--from']) {
    expect(stdout).toContain(words)
  }
})

test('a dry run of CSV files prints the plan in words and changes nothing; then it is carried out', async () => {
  const args = ['--project', 'by-csv', '--from', folder]
  const dry = await migrate(...args, '--dry-run')
  expect(dry.exitCode).toBe(0)
  expect(dry.stdout).toContain('To import: 3 sprints, 158 tasks, 2 runs, 5 steps')
  expect(dry.stdout).toMatch(/Sprint 13 "Checkout Sprint" ↔ run 7 "Checkout" \(\d+ %: 4 of its 5/)
  expect(dry.stdout).toContain('sprint 11 "Checkout Sprint": An empty duplicate of sprint 13.')
  expect(dry.stdout).toContain('Nothing was changed.')
  expect((await api.get('/sprints')).body.items).toEqual([])
  const done = await migrate(...args)
  expect(done.stdout).toContain('Imported 3 sprints and 158 tasks. Linked 1 sprint and 4 tasks.')
  expect((await api.get('/sprints')).body.items).toHaveLength(3)
  expect((await migrate(...args)).stdout).toContain('Imported 0 sprints and 0 tasks.')
  expect((await api.get('/sprints')).body.items).toHaveLength(3)
})

test('--plan carries out the plan that was reviewed, and no other', async () => {
  const args = ['--project', 'by-json', '--from', join(folder, 'whole.json')]
  const { stdout } = await migrate(...args, '--dry-run', '--json')
  const file = join(folder, 'plan.json')
  const edited = JSON.parse(stdout)
  edited.links = []
  await writeFile(file, JSON.stringify(edited))
  const refused = await migrate(...args, '--plan', file)
  expect(refused.exitCode).toBe(1)
  expect(refused.stderr).toContain('is not the plan any more')
  await writeFile(file, stdout)
  const done = await migrate(...args, '--plan', file, '--json')
  expect(JSON.parse(done.stdout)).toEqual(JSON.parse(stdout))
  expect((await migrate(...args, '--plan', file)).exitCode).toBe(1)
})

test('a plan made from a dump asks for the dump again', async () => {
  const file = join(folder, 'plan.json')
  await writeFile(file, JSON.stringify({ import: { sprints: 1 }, links: [], alone: [] }))
  const { stderr, exitCode } = await migrate('--project', 'own', '--plan', file)
  expect(exitCode).toBe(1)
  expect(stderr).toContain('was made from a dump; name that one with --from too')
})

test('rows that break a rule are each named before anything is carried out, and can be left out', async () => {
  const file = join(folder, 'bad.json')
  const tasks = [
    { id: '9223372036854775808', title: 'Too big an id' },
    { id: 1, title: 'A good row' },
  ]
  await writeFile(file, JSON.stringify({ tasks }))
  const args = ['--project', 'own', '--from', file]
  const { stderr, exitCode } = await migrate(...args)
  expect(exitCode).toBe(1)
  expect(stderr).toContain('tasks, row 1, id: must be an id')
  expect(stderr).toContain('--skip-bad-rows')
  const done = await migrate(...args, '--skip-bad-rows')
  expect(done.stdout).toContain('To import: 0 sprints, 1 task, 0 runs')
  expect(done.stdout).toContain('Imported 0 sprints and 1 task.')
})

test('without a dump the project’s own tables are linked', async () => {
  const project = (await api.get('/projects?slug=own')).body.items[0]
  const run = (
    await api.post('/protocols', {
      ...{ project_id: project.id, protocol_name: 'Ship', steps: [{ step_name: 'Go' }] },
    })
  ).body
  await api.post('/sprints', { project_id: project.id, name: 'Ship Sprint' })
  const { stdout } = await migrate('--project', 'own')
  expect(stdout).toContain('Linked 1 sprint and 0 tasks.')
  expect((await api.get(`/protocols/${run.id}`)).body.linked_sprint_id).not.toBeNull()
})

describe('what cannot be read is refused with the way to make it readable', () => {
  test.each([
    ['SQLite format 3\u0000', 'is a SQLite database', 'sqlite3 -json'],
    ['PGDMP\u0001', 'is a dump of pg_dump', '\\copy'],
    ['-- PostgreSQL database dump\n', 'is a dump of pg_dump', '\\copy'],
    ['{"other": []}', 'it holds none of sprints', '\\copy'],
    ['{"tasks": 3}', 'tasks is not an array of rows', '\\copy'],
    ['{x', 'cannot be read', '\\copy'],
  ])('%j', async (content, ...words) => {
    const file = join(folder, 'other.db')
    await writeFile(file, content)
    const { stderr, exitCode } = await migrate('--project', 'own', '--from', file, '--dry-run')
    expect(exitCode).toBe(1)
    for (const word of words) expect(stderr).toContain(word)
  })

  test('a project that is not there, a folder without tables, a plan that is none', async () => {
    const empty = await mkdtemp(join(folder, 'empty-'))
    for (const [args, words] of [
      [['--project', 'nope'], 'There is no project nope'],
      [['--project', 'own', '--from', empty], 'holds none of sprints'],
      [['--project', 'own', '--from', join(folder, 'gone')], 'ENOENT'],
      [['--project', 'own', '--plan', join(folder, 'sprints.csv')], 'it is not JSON'],
      [['--project', 'own', '--source-project', 'x'], '"x" is not an id'],
    ] as const) {
      const { stderr, exitCode } = await migrate(...args)
      expect(exitCode).toBe(1)
      expect(stderr).toContain(words)
    }
    expect(await readFile(join(folder, 'whole.json'), 'utf8')).toContain('Checkout')
  })
})

describe('CSV', () => {
  test('is read with quotes, commas, line ends of any kind, and a byte order mark', () => {
    expect(parseCsv('\uFEFFa,b\r\n1,"x, ""y""\nz"\r\n\r\n,last')).toEqual([
      { a: '1', b: 'x, "y"\nz' },
      { a: '', b: 'last' },
    ])
    expect(parseCsv('a\n1\n')).toEqual([{ a: '1' }])
    expect(parseCsv('')).toEqual([])
  })

  test('whose rows do not fit is refused, naming the line', () => {
    expect(() => parseCsv('a,b\n1,2\n1,2,3\n')).toThrow('line 3 has 3 values, the heading names 2')
    expect(() => parseCsv('a,b\n1,"open\n')).toThrow('line 2 has a quote')
  })
})
