import { mkdir, symlink, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitIn } from '../../../f/devgodzilla/lib/git.ts'
import type { Repository } from '../../../f/devgodzilla/lib/repository.ts'
import {
  documentsIn,
  folderPath,
  listSpecs,
  readTasks,
  sha256,
  tasksPath,
} from '../../../f/devgodzilla/lib/spec_files.ts'
import {
  type Files,
  git,
  repositoryWith,
  temporaryFolder,
  writeFiles,
} from '../support/git-repositories.ts'

async function treeWith(files: Files): Promise<Repository> {
  const root = await repositoryWith(files)
  return { kind: 'working tree', root, branch: 'main', git: gitIn(root) }
}

describe('spec_path', () => {
  it.each([
    ['specs/001-a', 'specs/001-a/tasks.md', 'specs/001-a'],
    ['specs/001-a/', 'specs/001-a/tasks.md', 'specs/001-a'],
    ['specs/001-a/tasks.md', 'specs/001-a/tasks.md', 'specs/001-a'],
    ['./specs\\001-a\\tasks.md', 'specs/001-a/tasks.md', 'specs/001-a'],
    ['specs/./a', 'specs/a/tasks.md', 'specs/a'],
  ])('%s names the folder or the file', (given, file, folder) => {
    expect(tasksPath(given)).toBe(file)
    expect(folderPath(given)).toBe(folder)
  })

  it.each(['/etc', 'C:\\x', '..', 'a/../../b', 'a//b', '', '.git/hooks', 'a/.GIT/x', 'a\0b'])(
    '%j is refused',
    (given) => {
      expect(() => tasksPath(given)).toThrow(/^spec_path .* must/)
    },
  )
})

describe('reading tasks.md', () => {
  it('gives the exact text, its hash, and the commit that holds it', async () => {
    const content = '\uFEFF- [ ] T001 Café\r\n- [x] T002 次'
    const tree = await treeWith({ 'specs/001-a/tasks.md': content })
    expect(await readTasks(tree, 'specs/001-a')).toEqual({
      spec_path: 'specs/001-a/tasks.md',
      content,
      content_hash: sha256(content),
      commit: await git(tree.root, 'rev-parse', 'HEAD'),
    })
  })

  it('names no commit for a text that is not committed', async () => {
    const tree = await treeWith({ 'specs/a/tasks.md': 'old', '.gitignore': 'specs/c\n' })
    const texts = { 'specs/a/tasks.md': 'new', 'specs/b/tasks.md': 'b', 'specs/c/tasks.md': 'c' }
    await writeFiles(tree.root, texts)
    for (const path of Object.keys(texts)) {
      expect(await readTasks(tree, path)).toMatchObject({ commit: null })
    }
  })

  it('works in a repository without a commit', async () => {
    const root = await temporaryFolder()
    await git(root, 'init', '--quiet')
    await writeFiles(root, { 'specs/a/tasks.md': 'x' })
    const tree: Repository = { kind: 'working tree', root, branch: 'main', git: gitIn(root) }
    expect(await readTasks(tree, 'specs/a')).toMatchObject({ content: 'x', commit: null })
  })

  it('gives nothing for a file that is not there', async () => {
    const tree = await treeWith({ 'specs/file': '' })
    expect(await readTasks(tree, 'specs/none')).toBeUndefined()
    expect(await readTasks(tree, 'specs/file')).toBeUndefined()
  })

  it('refuses what is not UTF-8, too large, or not a file', async () => {
    const tree = await treeWith({ 'specs/a/tasks.md': Buffer.from([0x2d, 0xff, 0x0a]) })
    await expect(readTasks(tree, 'specs/a')).rejects.toThrow(/not valid UTF-8/)
    await writeFiles(tree.root, { 'specs/b/tasks.md': '' })
    await truncate(join(tree.root, 'specs/b/tasks.md'), 8_000_001)
    await expect(readTasks(tree, 'specs/b')).rejects.toThrow(/8000001 bytes/)
    await mkdir(join(tree.root, 'specs/c/tasks.md'), { recursive: true })
    await expect(readTasks(tree, 'specs/c')).rejects.toThrow(/is not a file/)
  })

  it('follows links inside of the repository, and none out of it', async () => {
    const outside = await temporaryFolder()
    await writeFiles(outside, { 'tasks.md': 'secret' })
    const tree = await treeWith({ 'specs/a/tasks.md': 'mine' })
    await mkdir(join(tree.root, 'specs/file'))
    await symlink(outside, join(tree.root, 'specs/folder'))
    await symlink(join(outside, 'tasks.md'), join(tree.root, 'specs/file/tasks.md'))
    await symlink('a', join(tree.root, 'specs/inside'))
    await symlink('../.git', join(tree.root, 'specs/git'))
    await writeFiles(tree.root, { '.git/tasks.md': 'internal' })
    for (const path of ['specs/folder', 'specs/file', 'specs/git']) {
      await expect(readTasks(tree, path)).rejects.toThrow(/leads out of the repository/)
    }
    expect(await readTasks(tree, 'specs/inside')).toMatchObject({ content: 'mine' })
  })

  it('takes a name as it is, whatever it means to a shell or to git', async () => {
    const paths = ['specs/*', 'specs/a; $(touch pwned)', ':!specs']
    const tree = await treeWith({
      ...Object.fromEntries(paths.map((path) => [`${path}/tasks.md`, 'x'])),
      'specs/b/tasks.md': 'y',
    })
    await writeFiles(tree.root, { 'specs/b/tasks.md': 'changed' })
    for (const path of paths) {
      const commit = expect.any(String)
      expect(await readTasks(tree, path)).toMatchObject({ content: 'x', commit })
    }
  })
})

describe('listing specs', () => {
  it('finds every feature folder, the newest first', async () => {
    const tree = await treeWith({
      'specs/001-old/tasks.md': '',
      'specs/012-new/spec.md': '',
      'specs/012-new/plan.md': '',
      'specs/main/tasks.md': '',
      'specs/20260131-093000-dated/tasks.md': '',
      '.specify/specs/002-hidden/tasks.md': '',
      'packages/web/specs/003-inner/tasks.md': '',
      'docs/tasks.md': '',
      'specs/001-old/contracts/api.md': '',
      '.gitignore': 'node_modules\n',
    })
    await writeFiles(tree.root, {
      'specs/013-untracked/spec.md': '',
      'node_modules/x/specs/099-y/tasks.md': '',
    })
    expect(await listSpecs(tree)).toEqual([
      { path: 'specs/20260131-093000-dated', files: ['tasks.md'] },
      { path: 'specs/013-untracked', files: ['spec.md'] },
      { path: 'specs/012-new', files: ['plan.md', 'spec.md'] },
      { path: 'packages/web/specs/003-inner', files: ['tasks.md'] },
      { path: '.specify/specs/002-hidden', files: ['tasks.md'] },
      { path: 'specs/001-old', files: ['tasks.md'] },
      { path: 'specs/main', files: ['tasks.md'] },
    ])
    expect(await documentsIn(tree, 'specs/012-new')).toEqual(['spec.md', 'plan.md'])
  })
})
