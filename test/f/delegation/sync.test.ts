import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, type Json } from '../../support/api.ts'
import { testDatabase } from '../../support/database.ts'
import {
  colleaguePushes,
  git,
  repositoryWith,
  temporaryFolder,
  writeFiles,
} from '../support/git-repositories.ts'
import { remoteWith } from '../support/git-server.ts'
import { startInstallation } from '../support/installation.ts'

const database = await testDatabase()
const { sql } = database
const bin = fileURLToPath(new URL('../../../scripts/bin.mjs', import.meta.url))
const folder = 'delegation/sprints/SHOP-S1'
let house: Awaited<ReturnType<typeof startInstallation>>
let outer: string
let root: string
let project: Json

beforeAll(async () => {
  house = await startInstallation(database.url)
  outer = await realpath(await mkdtemp(join(tmpdir(), 'delegation-test-')))
  root = join(outer, 'repository')
  await mkdir(root)
  await git(root, 'init', '--quiet', '--initial-branch', 'main')
  project = await house.ask<Json>('POST', '/projects', {
    ...{ slug: 'shop', name: 'Shop', local_path: root },
    settings: { delegation: 'two_way' },
  })
})
afterAll(async () => {
  await house.close()
  await rm(outer, { recursive: true, force: true })
})

const path = (name: string) => join(root, folder, name)
const read = (name: string) => readFile(path(name), 'utf8')
const edit = async (name: string, from: string, to: string) => {
  const text = await read(name)
  expect(text).toContain(from)
  await writeFile(path(name), text.replace(from, to))
}
const sync = () => house.runFlow('sync_delegation', { project_id: project.id })
const taskOf = async (code: string, project_id = project.id): Promise<Json> => {
  const { items } = await house.ask<Json>('GET', `/tasks?project_id=${project_id}&limit=1000`)
  return items.find((it: Json) => it.code === code)
}
/** Until no change waits for its sync any more and every sync that was started has ended. */
const quiet = () =>
  eventually(
    async () => {
      const [left] = await sql`
        select (select count(*) from event_deliveries)::int as deliveries,
          (select count(*) from windmill.jobs where completed_at is null)::int as jobs`
      return left
    },
    (left) => left?.deliveries === 0 && left.jobs === 0,
  )
const syncs = async () => {
  const [row] = await sql`
    select count(*)::int as n from windmill.jobs where path = 'f/devgodzilla/sync_delegation'`
  return row?.n as number
}

test('a sprint made from a template has its folder with nobody’s help', async () => {
  await house.ask('POST', '/sprints/from-template', {
    ...{ project_id: project.id, code: 'SHOP-S1', name: 'The first', goal: 'Open the shop' },
    tasks: [
      { code: 'LAY', title: 'Lay the table', objectives: ['Everybody sits'] },
      { code: 'SET', title: 'Set the chairs' },
    ],
  })
  await quiet()
  expect((await readdir(join(root, folder))).sort()).toEqual(['.hash', 'LAY', 'SET', 'SPRINT.md'])
  expect((await readdir(path('LAY'))).sort()).toEqual(['.hash', 'AGENT.yml', 'TASK.md'])
  expect(await read('LAY/AGENT.yml')).toContain('Lay the table')
  expect(await read('SPRINT.md')).toContain('Open the shop')
  // Written into the tree, and committed by nobody.
  expect(await git(root, 'status', '--porcelain')).toBe('?? delegation/')
})

test('an edit of a file comes to the database once, starts no further sync, and is a revision', async () => {
  const { id } = await taskOf('LAY')
  const revisions = () =>
    sql`select hash from revisions where entity_type = 'task' and entity_id = ${id}`
  const known = await revisions()
  await writeFile(join(root, 'README.md'), 'How to lay tables\n')
  const briefed = { agent_config: { context: { reference_docs: ['README.md'] } } }
  await house.ask('PATCH', `/tasks/${id}`, briefed)
  await quiet()
  const documents = await house.ask<Json>('GET', `/projects/${project.id}/documents`)
  expect(documents.items).toMatchObject([{ path: 'README.md' }])
  await edit('LAY/AGENT.yml', 'Lay the table', 'Lay the long table')
  const before = await syncs()
  expect(await sync()).toMatchObject({ status: 200, result: { applied: { tasks: 1 } } })
  await quiet()
  expect(await syncs()).toBe(before + 1)
  expect(await taskOf('LAY')).toMatchObject({ title: 'Lay the long table' })
  expect(await read('LAY/TASK.md')).toContain('Lay the long table')
  expect((await revisions()).length).toBeGreaterThan(known.length)
  const told = await house.ask<Json>('GET', `/events?type=file.synced&entity_id=${id}&limit=100`)
  expect(told.items.map((it: Json) => it.payload.path)).toContain(`${folder}/LAY/AGENT.yml`)
  expect(await sync()).toMatchObject({ status: 200, result: { written: [], conflicts: [] } })
})

test('what both sides changed is a conflict with both sides, and nothing is lost', async () => {
  await edit('SET/AGENT.yml', 'Set the chairs', 'Set the stools')
  const { id } = await taskOf('SET')
  await house.ask('PATCH', `/tasks/${id}`, { title: 'Set the benches' })
  await quiet()
  const { items } = await house.ask<Json>('GET', `/conflicts?project_id=${project.id}`)
  expect(items).toMatchObject([
    {
      ...{ field: 'title', source: 'file' },
      ...{ board_value: 'Set the benches', other_value: 'Set the stools' },
    },
  ])
  expect(await read('SET/AGENT.yml')).toContain('Set the stools')
  await house.ask('POST', `/conflicts/${items[0].id}/actions/resolve`, { side: 'other' })
  await quiet()
  expect(await taskOf('SET')).toMatchObject({ title: 'Set the stools' })
  expect(await read('SET/TASK.md')).toContain('Set the stools')
})

test('nothing is read or written through a link; the other files go on', async () => {
  const outside = await temporaryFolder()
  await writeFiles(outside, { 'AGENT.yml': 'secret: 1\n', 'TASK.md': '# Theirs\n' })
  await rename(path('SET'), join(root, 'kept'))
  await symlink(outside, path('SET'))
  await house.ask('PATCH', `/tasks/${(await taskOf('LAY')).id}`, { title: 'Lay it' })
  await quiet()
  expect(await sync()).toMatchObject({
    ...{ status: 500, result: { error: { message: expect.stringMatching(/SET.*is a link/) } } },
  })
  expect((await readdir(outside)).sort()).toEqual(['AGENT.yml', 'TASK.md'])
  expect(await readFile(join(outside, 'TASK.md'), 'utf8')).toBe('# Theirs\n')
  expect(await read('LAY/TASK.md')).toContain('Lay it')
  expect(await taskOf('SET')).toMatchObject({ title: 'Set the stools', board_status: 'todo' })
  await rm(path('SET'))
  await rename(join(root, 'kept'), path('SET'))
  expect(await sync()).toMatchObject({ status: 200 })
})

test('check says where they differ and fails, sync mends it, watch keeps it so', async () => {
  const env = {
    ...{ DEVGODZILLA_URL: house.url, DEVGODZILLA_TOKEN: house.adminToken },
    ...{ WINDMILL_BASE_URL: house.windmillUrl, WINDMILL_TOKEN: house.adminToken },
  }
  const cli = (...args: string[]) =>
    execa(process.execPath, [bin, 'delegation', ...args], { reject: false, env })
  await edit('LAY/AGENT.yml', 'Lay it', 'Lay it well')
  const differs = await cli('check', 'shop', '--json')
  expect(differs.exitCode).toBe(1)
  expect(JSON.parse(differs.stdout)).toMatchObject({
    agrees: false,
    differences: expect.arrayContaining([
      expect.objectContaining({ field: 'title', changed: 'file' }),
    ]),
  })
  expect((await cli('sync', 'shop')).exitCode).toBe(0)
  expect(await cli('check', 'shop')).toMatchObject({
    ...{ exitCode: 0, stdout: 'Files and database agree.' },
  })
  const watching = cli('watch', 'shop')
  let said = ''
  watching.stdout?.on('data', (text) => {
    said += text
  })
  await eventually(
    async () => said,
    (it) => it.includes('watching') && it.includes('conflicts'),
  )
  await edit('LAY/AGENT.yml', 'Lay it well', 'Lay it best')
  await eventually(
    async () => (await taskOf('LAY')).title,
    (it) => it === 'Lay it best',
  )
  await eventually(
    async () => said,
    (it) => it.includes('changes taken'),
  )
  watching.kill('SIGINT')
  const ended = await watching
  expect(ended).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/stopped$/) })
  expect((await cli('check', 'shop')).exitCode).toBe(0)
  const off = await house.ask<Json>('POST', '/projects', { slug: 'off', name: 'Off' })
  const refused = await cli('sync', off.slug)
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/keeps no files/) })
})

test('a project that keeps no files has its documents sent all the same', async () => {
  const local_path = await repositoryWith({ 'docs/tea.md': '# Tea\n' })
  const tea = await house.ask<Json>('POST', '/projects', { slug: 'tea', name: 'Tea', local_path })
  const sprint = await house.ask<Json>('POST', '/sprints', { project_id: tea.id, name: 'Brew' })
  await house.ask('POST', '/tasks', {
    ...{ project_id: tea.id, sprint_id: sprint.id, title: 'Pour' },
    agent_config: { context: { reference_docs: ['docs/tea.md'] } },
  })
  const { result } = await house.runFlow('sync_delegation', { project_id: tea.id })
  expect(result).toMatchObject({ written: [], message: expect.stringMatching(/1 documents sent/) })
  const { items } = await house.ask<Json>('GET', `/projects/${tea.id}/documents`)
  expect(items).toMatchObject([{ path: 'docs/tea.md' }])
})

test('a project elsewhere takes commits and gives its own, once each however many sync at once', async () => {
  const { url, bare } = await remoteWith({ 'README.md': 'Hello\n' })
  const far = await house.ask<Json>('POST', '/projects', {
    ...{ slug: 'far', name: 'Far', repo_url: url, settings: { delegation: 'two_way' } },
  })
  await house.ask('POST', '/sprints/from-template', {
    ...{ project_id: far.id, code: 'FAR-S1', name: 'Far away' },
    tasks: [{ code: 'WALK', title: 'Walk there' }],
  })
  await quiet()
  const agent = 'delegation/sprints/FAR-S1/WALK/AGENT.yml'
  const text = await git(bare, 'show', `main:${agent}`)
  expect(text).toContain('Walk there')
  expect(await git(bare, 'rev-list', '--count', 'main')).toBe('2')
  await colleaguePushes(bare, { [agent]: `${text.replace('Walk there', 'Run there')}\n` })
  const run = () => house.runFlow('sync_delegation', { project_id: far.id })
  const all = await Promise.all([run(), run(), run()])
  expect(all.map((it) => it.status)).toEqual([200, 200, 200])
  expect(all.map((it) => (it.result as Json).applied.tasks ?? 0).sort()).toEqual([0, 0, 1])
  expect(await taskOf('WALK', far.id)).toMatchObject({ title: 'Run there' })
  expect(await run()).toMatchObject({ status: 200, result: { written: [] } })
  // Theirs and ours came one after the other.
  expect(await git(bare, 'rev-list', '--count', 'main')).toBe('4')
  expect(await git(bare, 'rev-list', '--count', '--merges', 'main')).toBe('0')
  // The schedule, once it is turned on, looks at every project that keeps files.
  await edit('LAY/AGENT.yml', 'Lay it best', 'Lay it at last')
  expect(await house.runFlow('reconcile_delegation', {})).toMatchObject({
    status: 200,
    result: { synced: { shop: expect.stringMatching(/1 changes taken/), far: expect.any(String) } },
  })
  expect(await taskOf('LAY')).toMatchObject({ title: 'Lay it at last' })
})

test('a code that is a path is refused; any other has its files below delegation/, and nothing else is written', async () => {
  const refused = (body: object) =>
    expect(
      house.ask('POST', '/tasks', { project_id: project.id, title: 'Out', ...body }),
    ).rejects.toThrow(/422.*code: must be 1 to 80 letters/)
  const paths = ['..', '../../x', '/etc/x', 'a/b', 'a\\b', '.git', '.hash', '\0', 'a\0', 'a\n', ' ']
  for (const code of [...paths, '', ' a', 'a ', '. .', '~', 'é', 'a:b', 'A'.repeat(81)]) {
    await refused({ code })
  }
  const codes = ['CON', 'nul.md', 'v1.', 'a..b', 'SPRINT.md', 'AGENT.yml', 'lay', 'A'.repeat(80)]
  await house.ask('POST', '/sprints/from-template', {
    ...{ project_id: project.id, code: 'AUX.', name: 'Odd' },
    tasks: codes.map((code) => ({ code, title: `Called ${code}` })),
  })
  await quiet()
  expect(await readdir(outer)).toEqual(['repository'])
  const written = await git(root, 'status', '--porcelain', '--untracked-files=all')
  const outside = written.split('\n').filter((line) => !line.startsWith('?? delegation/sprints/'))
  expect(outside).toEqual(['?? README.md'])
  const sprint = (await readdir(join(root, 'delegation/sprints'))).filter((it) => it !== 'SHOP-S1')
  expect(sprint).toEqual([expect.stringMatching(/^_AUX\._\d+$/)])
  const titles = await Promise.all(
    (await readdir(join(root, 'delegation/sprints', sprint[0] ?? ''), { withFileTypes: true }))
      .filter((it) => it.isDirectory())
      .map((it) => readFile(join(it.parentPath, it.name, 'TASK.md'), 'utf8')),
  )
  expect(titles.map((text) => text.split('\n')[0]).sort()).toEqual(
    codes.map((code) => `# Called ${code}`).sort(),
  )
  expect(await sync()).toMatchObject({ status: 200, result: { written: [], conflicts: [] } })
})

test('of a view edits never come back: they are named, kept as conflicts, and written over', async () => {
  const view = { settings: { delegation: 'read_only' } }
  await house.ask('PATCH', `/projects/${project.id}`, view)
  await quiet()
  const before = await taskOf('LAY')
  const shown = await read('LAY/TASK.md')
  await edit('LAY/TASK.md', 'Lay it at last', 'Lay it anew')
  await edit('LAY/AGENT.yml', 'Lay it at last', 'Lay it: "')
  const named = ['TASK.md', 'AGENT.yml'].map((name) => ({
    ...{ path: `${folder}/LAY/${name}`, field: expect.stringContaining(name) },
  }))
  expect(await sync()).toMatchObject({
    ...{ status: 200, result: { applied: { fields: 0 }, conflicts: named } },
  })
  expect(await taskOf('LAY')).toEqual(before)
  expect(await read('LAY/TASK.md')).toBe(shown)
  expect(await sync()).toMatchObject({ status: 200, result: { written: [], conflicts: [] } })
  const { items } = await house.ask<Json>('GET', `/conflicts?project_id=${project.id}&state=open`)
  expect(items.map((it: Json) => it.other_value)).toEqual(
    expect.arrayContaining([
      expect.stringContaining('Lay it anew'),
      expect.stringContaining('Lay it: "'),
    ]),
  )
  await house.ask('PATCH', `/tasks/${before.id}`, { title: 'Lay it again' })
  await quiet()
  expect(await read('LAY/TASK.md')).toContain('# Lay it again')
})
