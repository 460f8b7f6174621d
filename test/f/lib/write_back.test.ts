import { chmod, readdir, readFile, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Repository, withRepository } from '../../../f/devgodzilla/lib/repository.ts'
import { sha256 } from '../../../f/devgodzilla/lib/spec_files.ts'
import { writeBack } from '../../../f/devgodzilla/lib/write_back.ts'
import { project } from '../support/entities.ts'
import {
  colleaguePushes,
  git,
  repositoryWith,
  temporaryFolder,
  writeFiles,
} from '../support/git-repositories.ts'
import { remoteWith } from '../support/git-server.ts'

const path = 'specs/001-a/tasks.md'
const before = '- [ ] T001 One\r\n'
const after = '- [x] T001 One\r\n'
const change = { path, content: after, base_hash: sha256(before) }
const files = { [path]: before, 'README.md': 'Hello\n' }

const inTree = <T>(local_path: string, use: (repository: Repository) => Promise<T>) =>
  withRepository(project({ local_path }), {}, use)
const inClone = <T>(repo_url: string, use: (repository: Repository) => Promise<T>) =>
  withRepository(project({ repo_url }), {}, use)
const save = (repository: Repository) => writeBack(repository, [change], 'Tick what is done')

describe('into a working tree', () => {
  it('writes the bytes, keeps the mode, commits nothing and leaves no draft', async () => {
    const folder = await repositoryWith(files)
    await chmod(join(folder, path), 0o640)
    expect(await inTree(folder, save)).toEqual(['written'])
    expect(await readFile(join(folder, path), 'utf8')).toBe(after)
    expect((await stat(join(folder, path))).mode & 0o777).toBe(0o640)
    expect(await readdir(join(folder, 'specs/001-a'))).toEqual(['tasks.md'])
    expect(await git(folder, 'rev-list', '--count', 'HEAD')).toBe('1')
  })

  it('does nothing the second time', async () => {
    const folder = await repositoryWith(files)
    await inTree(folder, save)
    const { mtimeMs } = await stat(join(folder, path))
    expect(await inTree(folder, save)).toEqual(['already so'])
    expect((await stat(join(folder, path))).mtimeMs).toBe(mtimeMs)
  })

  it('writes over nobody’s edit, and then not the other files either', async () => {
    const folder = await repositoryWith({ ...files, 'specs/002-b/tasks.md': before })
    await writeFiles(folder, { [path]: `${before}- [ ] T002 Two\n` })
    const other = { ...change, path: 'specs/002-b/tasks.md' }
    await expect(
      inTree(folder, (repository) => writeBack(repository, [other, change], 'Tick')),
    ).rejects.toMatchObject({ name: 'FileChanged', path })
    expect(await readFile(join(folder, path), 'utf8')).toContain('T002')
    expect(await readFile(join(folder, other.path), 'utf8')).toBe(before)
  })

  it('writes nothing in the middle of a merge, and says so', async () => {
    const folder = await repositoryWith(files)
    await git(folder, 'checkout', '--quiet', '-b', 'other')
    await writeFiles(folder, { 'README.md': 'Theirs\n' })
    await git(folder, 'commit', '--quiet', '--all', '-m', 'Theirs')
    await git(folder, 'checkout', '--quiet', 'main')
    await writeFiles(folder, { 'README.md': 'Ours\n' })
    await git(folder, 'commit', '--quiet', '--all', '-m', 'Ours')
    await expect(git(folder, 'merge', 'other')).rejects.toThrow()
    await expect(inTree(folder, save)).rejects.toThrow(
      /a merge is not finished in .*finish or abort/,
    )
    await git(folder, 'merge', '--abort')
    await expect(git(folder, 'rebase', 'other')).rejects.toThrow()
    await expect(inTree(folder, save)).rejects.toThrow(/a rebase is not finished/)
    await git(folder, 'rebase', '--abort')
    expect(await readFile(join(folder, path), 'utf8')).toBe(before)
    expect(await inTree(folder, save)).toEqual(['written'])
  })

  it('leaves out a file that is gone', async () => {
    const folder = await repositoryWith({ 'README.md': '' })
    expect(await inTree(folder, save)).toEqual(['gone'])
  })

  it('writes through a link to its target, and not out of the repository', async () => {
    const folder = await repositoryWith(files)
    await symlink('001-a', join(folder, 'specs/alias'))
    const through = { ...change, path: 'specs/alias/tasks.md' }
    expect(await inTree(folder, (it) => writeBack(it, [through], 'Tick'))).toEqual(['written'])
    expect(await readFile(join(folder, path), 'utf8')).toBe(after)

    const outside = await temporaryFolder()
    await writeFiles(outside, { 'tasks.md': before })
    await symlink(outside, join(folder, 'specs/out'))
    const out = { ...change, path: 'specs/out/tasks.md' }
    await expect(inTree(folder, (it) => writeBack(it, [out], 'Tick'))).rejects.toThrow(/leads out/)
    expect(await readFile(join(outside, 'tasks.md'), 'utf8')).toBe(before)
  })
})

describe('onto a branch', () => {
  const shown = (bare: string, file = path) => git(bare, 'show', `main:${file}`)
  const commits = (bare: string) => git(bare, 'rev-list', '--count', 'main')

  it('pushes one commit', async () => {
    const { url, bare } = await remoteWith(files)
    expect(await inClone(url, save)).toEqual(['written'])
    expect(await shown(bare)).toBe(after.trim())
    expect(await commits(bare)).toBe('2')
    expect(await git(bare, 'log', '-1', '--format=%an: %s', 'main')).toBe(
      'DevGodzilla: Tick what is done',
    )
    expect(await git(bare, 'diff-tree', '-r', '--name-only', '--no-commit-id', 'main')).toBe(path)
  })

  it('pushes nothing the second time', async () => {
    const { url, bare } = await remoteWith(files)
    await inClone(url, save)
    expect(await inClone(url, save)).toEqual(['already so'])
    expect(await commits(bare)).toBe('2')
  })

  it('goes on top of what a colleague pushed meanwhile', async () => {
    const { url, bare, beforePush } = await remoteWith(files)
    beforePush(() => colleaguePushes(bare, { 'README.md': 'Hello, world\n' }))
    expect(await inClone(url, save)).toEqual(['written'])
    expect(await shown(bare)).toBe(after.trim())
    expect(await shown(bare, 'README.md')).toBe('Hello, world')
    expect(await commits(bare)).toBe('3')
  })

  it('writes over nobody’s edit when the branch moved', async () => {
    const { url, bare, beforePush } = await remoteWith(files)
    beforePush(() => colleaguePushes(bare, { [path]: 'edited\n' }))
    await expect(inClone(url, save)).rejects.toMatchObject({ name: 'FileChanged', path })
    expect(await shown(bare)).toBe('edited')
  })

  it('says so when the branch takes no commits', async () => {
    const { url, bare } = await remoteWith(files)
    await writeFiles(bare, { 'hooks/pre-receive': '#!/bin/sh\necho protected >&2\nexit 1\n' })
    await chmod(join(bare, 'hooks/pre-receive'), 0o755)
    await expect(inClone(url, save)).rejects.toThrow(
      /branch main of .* does not take a commit.*protected|branch main .*pre-receive/s,
    )
    expect(await commits(bare)).toBe('1')
  })
})
