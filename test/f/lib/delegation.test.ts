import {
  chmod,
  link,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDelegation } from '../../../f/devgodzilla/lib/delegation/read_files.ts'
import { writeFiles as write } from '../../../f/devgodzilla/lib/delegation/write_files.ts'
import { sha256 } from '../../../f/devgodzilla/lib/spec_files.ts'
import { temporaryFolder, writeFiles } from '../support/git-repositories.ts'

const sprint = 'delegation/sprints/SHOP-S1'
const task = `${sprint}/T-1/TASK.md`
const put = (path: string, text: string, before: string | null = null) => ({
  ...{ path, text, expected_sha256: before === null ? null : sha256(before) },
})
const landed = (path: string, text: string) => ({ path, sha256: sha256(text) })

describe('reading', () => {
  it('takes the texts beside the database and nothing else', async () => {
    const root = await temporaryFolder()
    await writeFiles(root, {
      [task]: '\uFEFF# One\r\n',
      [`${sprint}/.hash`]: 'abc\n',
      'delegation/.templates/TASK.md.liquid': '{{ task.title }}\n',
      'delegation/picture.png': new Uint8Array([137, 80, 78, 71, 0]),
      'docs/adr/ADR-001-tea.md': '# Tea\n',
      'docs/other.md': 'x',
      'README.md': 'x',
    })
    expect(await readDelegation(root)).toEqual({
      files: [
        { path: `${sprint}/.hash`, text: 'abc\n' },
        { path: task, text: '\uFEFF# One\r\n' },
        { path: 'docs/adr/ADR-001-tea.md', text: '# Tea\n' },
      ],
      templates: [{ path: 'delegation/.templates/TASK.md.liquid', text: '{{ task.title }}\n' }],
      problems: [],
    })
  })

  it('leaves out links, binaries and what is too large, and names them', async () => {
    const root = await temporaryFolder()
    const outside = await temporaryFolder()
    await writeFiles(outside, { 'TASK.md': 'secret' })
    await writeFiles(root, {
      [task]: '# One\n',
      [`${sprint}/T-2/TASK.md`]: new Uint8Array([0xff, 0xfe, 0]),
      [`${sprint}/T-3/TASK.md`]: 'x'.repeat(1_000_001),
    })
    await symlink(outside, join(root, sprint, 'T-4'))
    await symlink(join(outside, 'TASK.md'), join(root, sprint, 'T-1/AGENT.yml'))
    const { files, problems } = await readDelegation(root)
    expect(files.map(({ path }) => path)).toEqual([task])
    expect(Object.fromEntries(problems.map(({ path, message }) => [path, message]))).toEqual({
      [`${sprint}/T-2/TASK.md`]: expect.stringMatching(/binary/),
      [`${sprint}/T-3/TASK.md`]: expect.stringMatching(/1000001 bytes/),
      [`${sprint}/T-4`]: expect.stringMatching(/a link/),
      [`${sprint}/T-1/AGENT.yml`]: expect.stringMatching(/a link/),
    })
  })

  // Two names of one file, as a file system has them that takes both for the same.
  it('calls a file by its name in one piece where that is the same file', async () => {
    const root = await temporaryFolder()
    const apart = (name: string) => join(root, 'docs/adr', `${name}.md`.normalize('NFD'))
    await writeFiles(root, { 'docs/adr/größe.md': '# Größe\n' })
    await link(join(root, 'docs/adr/größe.md'), apart('größe'))
    await writeFile(apart('höhe'), '# Höhe\n')
    expect((await readDelegation(root)).files).toEqual([
      { path: 'docs/adr/größe.md', text: '# Größe\n' },
      { path: `docs/adr/${'höhe.md'.normalize('NFD')}`, text: '# Höhe\n' },
    ])
  })

  it('reads no more text than a sync takes', async () => {
    const root = await temporaryFolder()
    await writeFiles(root, { [task]: '123456', [`${sprint}/SPRINT.md`]: '12345' })
    await expect(readDelegation(root, 10)).rejects.toThrow(/more than 10 characters together/)
    expect((await readDelegation(root, 11)).files).toHaveLength(2)
  })

  it('follows no delegation/ or docs/ that is a link', async () => {
    const root = await temporaryFolder()
    const outside = await temporaryFolder()
    await writeFiles(outside, { 'sprints/A/SPRINT.md': 'secret', 'adr/ADR-001-a.md': 'secret' })
    await symlink(outside, join(root, 'delegation'))
    await symlink(outside, join(root, 'docs'))
    expect(await readDelegation(root)).toMatchObject({
      files: [],
      problems: [
        { path: 'delegation', message: expect.stringMatching(/is a link/) },
        { path: 'docs/adr', message: expect.stringMatching(/docs is a link/) },
      ],
    })
  })

  it('removes a draft that a killed job left, and not one that is being written', async () => {
    const root = await temporaryFolder()
    const draft = (n: number) => `.devgodzilla-0000000${n}-0000-4000-8000-000000000000.tmp`
    await writeFiles(root, { [`delegation/${draft(1)}`]: 'x', [`delegation/${draft(2)}`]: 'x' })
    await utimes(join(root, 'delegation', draft(1)), 0, 0)
    await readDelegation(root)
    expect(await readdir(join(root, 'delegation'))).toEqual([draft(2)])
  })
})

describe('writing', () => {
  it('makes folders and files, replaces and removes, and does nothing the second time', async () => {
    const root = await temporaryFolder()
    const [kept, gone] = [`${sprint}/SPRINT.md`, `${sprint}/T-9/TASK.md`]
    await writeFiles(root, { [kept]: 'before', [gone]: 'old' })
    await chmod(join(root, kept), 0o640)
    const plan = {
      writes: [put(task, 'new'), put(kept, 'after', 'before')],
      removes: [{ path: gone, expected_sha256: sha256('old') }],
    }
    const files = [landed(kept, 'after'), landed(task, 'new'), { path: gone, sha256: null }]
    const nothing = { edited: [], problems: [] }
    expect(await write(root, plan)).toEqual({ files, changed: [kept, task, gone], ...nothing })
    expect(await readFile(join(root, task), 'utf8')).toBe('new')
    expect((await stat(join(root, kept))).mode & 0o777).toBe(0o640)
    expect((await readdir(join(root, sprint))).sort()).toEqual(['SPRINT.md', 'T-1'])
    expect(await write(root, plan)).toEqual({ files, changed: [], ...nothing })
  })

  it('leaves alone what was edited meanwhile, and goes on with the others', async () => {
    const root = await temporaryFolder()
    const [a, b, c] = ['a', 'b', 'c'].map((it) => `delegation/backlog/${it}.md`) as [
      string,
      string,
      string,
    ]
    await writeFiles(root, { [a]: 'edited', [b]: 'before', [c]: 'edited' })
    const done = await write(root, {
      writes: [put(a, 'after', 'before'), put(b, 'after', 'before'), put(c, 'mine')],
      removes: [],
    })
    expect(done).toMatchObject({ files: [landed(b, 'after')], edited: [a, c] })
    expect(await readFile(join(root, a), 'utf8')).toBe('edited')
    const removed = await write(root, {
      writes: [],
      removes: [{ path: a, expected_sha256: sha256('before') }],
    })
    expect(removed).toMatchObject({ files: [], edited: [a] })
  })

  it('removes nothing where a folder was renamed in upper and lower case alone, and both are one', async () => {
    const root = await temporaryFolder()
    const renamed = `${sprint.toLowerCase()}/T-1`
    const files = { 'TASK.md': '# One\n\nMine.\n', '.hash': 'old\n' }
    for (const [name, text] of Object.entries(files)) {
      await writeFiles(root, { [`${renamed}/${name}`]: text })
      await mkdir(join(root, sprint, 'T-1'), { recursive: true })
      await link(join(root, renamed, name), join(root, sprint, 'T-1', name))
    }
    const plan = {
      writes: [put(task, files['TASK.md']), put(`${sprint}/T-1/.hash`, 'new\n')],
      removes: Object.entries(files).map(([name, text]) => ({
        ...{ path: `${renamed}/${name}`, expected_sha256: sha256(text) },
      })),
    }
    expect(await write(root, plan)).toMatchObject({
      ...{ changed: [`${sprint}/T-1/.hash`], edited: [], problems: [] },
    })
    expect(await readFile(join(root, renamed, 'TASK.md'), 'utf8')).toBe(files['TASK.md'])
  })

  it('writes neither through a link nor elsewhere', async () => {
    const root = await temporaryFolder()
    const outside = await temporaryFolder()
    await writeFiles(outside, { 'TASK.md': 'theirs' })
    await writeFiles(root, { [task]: 'before', 'README.md': 'before' })
    await mkdir(join(root, '.git'))
    await symlink(outside, join(root, sprint, 'T-2'))
    await rm(join(root, task))
    await symlink(join(outside, 'TASK.md'), join(root, task))
    const paths = [
      ...[task, `${sprint}/T-2/TASK.md`, `${sprint}/T-2/new/TASK.md`, 'README.md'],
      ...[
        'delegation/../README.md',
        'delegation/../.git/config.md',
        '/etc/x.md',
        'delegation/./x.md',
      ],
    ]
    const { files, problems } = await write(root, {
      writes: paths.map((path) => put(path, 'after', 'before')),
      removes: [{ path: `${sprint}/T-2/TASK.md`, expected_sha256: sha256('theirs') }],
    })
    expect(files).toEqual([])
    expect(problems).toHaveLength(paths.length + 1)
    expect(await readFile(join(outside, 'TASK.md'), 'utf8')).toBe('theirs')
    expect(await readdir(outside)).toEqual(['TASK.md'])
    expect(await readFile(join(root, 'README.md'), 'utf8')).toBe('before')
  })
})
