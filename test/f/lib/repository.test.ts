import { mkdir, mkdtemp, readdir, symlink, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withRepository } from '../../../f/devgodzilla/lib/repository.ts'
import { listSpecs, readTasks, sha256 } from '../../../f/devgodzilla/lib/spec_files.ts'
import { writeBack } from '../../../f/devgodzilla/lib/write_back.ts'
import { project } from '../support/entities.ts'
import { git, repositoryWith, temporaryFolder, writeFiles } from '../support/git-repositories.ts'
import { remoteWith } from '../support/git-server.ts'

const files = { 'specs/001-a/tasks.md': '- [ ] T001 One\n' }
const account = { username: 'bot', password: 'hunter2' }
const job = { id: 'job/../1', root: 'r', step: 's', user: undefined }
const clones = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('devgodzilla-job-job____1'))

describe('a project on this machine', () => {
  it('is its working tree', async () => {
    const local_path = await repositoryWith(files)
    const found = await withRepository(project({ local_path }), {}, async (it) => it)
    expect(found).toMatchObject({ kind: 'working tree', root: local_path })
  })

  it('must be a Git repository', async () => {
    const local_path = await temporaryFolder()
    await expect(withRepository(project({ local_path }), {}, async () => 1)).rejects.toThrow(
      /is not a Git repository: run git init/,
    )
  })

  it('must be somewhere', async () => {
    await expect(withRepository(project(), {}, async () => 1)).rejects.toThrow(
      /neither a local_path nor a repo_url/,
    )
    const gone = project({ local_path: '/nowhere/at/all' })
    await expect(withRepository(gone, {}, async () => 1)).rejects.toThrow(/is not on this machine/)
  })
})

describe('a project elsewhere', () => {
  it('is cloned for as long as it is used, in a folder that names the job', async () => {
    const { url } = await remoteWith(files)
    const text = await withRepository(
      project({ repo_url: url, local_path: '/nowhere' }),
      {},
      async (repository) => {
        expect(repository.kind).toBe('clone')
        expect(await clones()).toHaveLength(1)
        return (await readTasks(repository, 'specs/001-a'))?.content
      },
      job,
    )
    expect(text).toBe('- [ ] T001 One\n')
    expect(await clones()).toEqual([])
  })

  it('is checked out no further than SpecKit’s documents, and what links lead to', async () => {
    const local = await repositoryWith({
      ...files,
      'src/main.ts': '',
      'docs/shop/tasks.md': 'by folder\n',
      'notes/the list*.txt': 'by file\n',
      'notes/the list of others.txt': '',
    })
    await symlink('../docs', join(local, 'specs/linked'))
    await mkdir(join(local, 'specs/002-b'))
    await symlink('../../notes/the list*.txt', join(local, 'specs/002-b/tasks.md'))
    await symlink('/etc/hostname', join(local, 'specs/002-b/plan.md'))
    await git(local, 'add', '--all')
    await git(local, 'commit', '--quiet', '-m', 'Links')
    const { url } = await remoteWith(local)
    await withRepository(project({ repo_url: url }), {}, async (repository) => {
      const text = async (path: string) => (await readTasks(repository, path))?.content
      expect(await text('specs/001-a')).toBe('- [ ] T001 One\n')
      expect(await text('specs/linked/shop')).toBe('by folder\n')
      expect(await text('specs/002-b')).toBe('by file\n')
      expect(await readTasks(repository, 'specs/001-a')).toMatchObject({
        commit: await git(local, 'rev-parse', 'HEAD'),
      })
      const there = await readdir(repository.root, { recursive: true })
      expect(there).not.toContain('src')
      expect(there).not.toContain('notes/the list of others.txt')
      expect((await listSpecs(repository)).map(({ path }) => path)).toEqual([
        'specs/002-b',
        'specs/001-a',
      ])
    })
  })

  it('leaves nothing behind when its use fails', async () => {
    const { url } = await remoteWith(files)
    const use = async () => {
      throw new Error('broken')
    }
    await expect(withRepository(project({ repo_url: url }), {}, use, job)).rejects.toThrow('broken')
    expect(await clones()).toEqual([])
  })

  it('opens with a password that is written down nowhere', async () => {
    const { url, host } = await remoteWith(files, account)
    const resource = { credentials: [{ host, ...account }] }
    await withRepository(project({ repo_url: url }), resource, async ({ root }) => {
      const config = await git(root, 'config', '--list', '--local')
      expect(config).not.toMatch(/hunter2|authorization|extraheader|remote\./i)
    })
  })

  it('says what to check when it cannot be cloned', async () => {
    const { url } = await remoteWith(files, account)
    const wrong = project({ repo_url: url })
    const error = await withRepository(wrong, {}, async () => 1).catch((it) => it)
    expect(error.message).toMatch(/cannot clone main of http.*f\/devgodzilla\/git/s)
    const open = await remoteWith(files)
    const missing = project({ repo_url: open.url, default_branch: 'none' })
    await expect(withRepository(missing, {}, async () => 1)).rejects.toThrow(
      /clone none .*no such branch/,
    )
  })

  it.each([
    [{ repo_url: 'ext::sh -c x' }, /must be an https/],
    [{ repo_url: 'https://example.org/x', default_branch: '--upload-pack=x' }, /not the name/],
  ])('is refused as %j', async (given, message) => {
    await expect(withRepository(project(given), {}, async () => 1)).rejects.toThrow(message)
  })

  it('removes what a killed process left behind, and nothing younger', async () => {
    const { url } = await remoteWith(files)
    const old = await mkdtemp(join(tmpdir(), 'devgodzilla-job-old-'))
    const young = await mkdtemp(join(tmpdir(), 'devgodzilla-job-young-'))
    const before = new Date(Date.now() - 2 * 3_600_000)
    await utimes(old, before, before)
    const names = await withRepository(project({ repo_url: url }), {}, () => readdir(tmpdir()))
    expect(names).not.toContain(basename(old))
    expect(names).toContain(basename(young))
    await utimes(young, before, before)
    await withRepository(project({ repo_url: url }), {}, async () => 1)
  })
})

describe('a ref', () => {
  const at = (source: object, ref: string) =>
    withRepository(
      project(source),
      {},
      async (repository) => {
        const text = (await readTasks(repository, 'specs/001-a'))?.content
        const change = { path: 'specs/001-a/tasks.md', content: 'x', base_hash: sha256(text ?? '') }
        await expect(writeBack(repository, [change], 'Tick')).rejects.toThrow(/is not written back/)
        return text
      },
      job,
      ref,
    )

  it.each(['local', 'remote'])('is read and never written, in a %s project', async (where) => {
    const folder = await repositoryWith(files)
    await git(folder, 'tag', 'v1')
    const commit = await git(folder, 'rev-parse', 'HEAD')
    await git(folder, 'checkout', '--quiet', '-b', 'feature/b')
    await writeFiles(folder, { 'specs/001-a/tasks.md': 'on a branch\n' })
    await git(folder, 'commit', '--quiet', '--all', '-m', 'Branch')
    await git(folder, 'checkout', '--quiet', 'main')
    await writeFiles(folder, { 'specs/001-a/tasks.md': 'now\n' })
    await git(folder, 'commit', '--quiet', '--all', '-m', 'Now')
    const source =
      where === 'local' ? { local_path: folder } : { repo_url: (await remoteWith(folder)).url }
    const first = files['specs/001-a/tasks.md']
    expect(await at(source, 'v1')).toBe(first)
    expect(await at(source, commit)).toBe(first)
    expect(await at(source, 'feature/b')).toBe('on a branch\n')
    await expect(at(source, 'none')).rejects.toThrow(/cannot clone none of/)
    await expect(at(source, '--upload-pack=x')).rejects.toThrow(/ref .* is not the name/)
    expect(await git(folder, 'status', '--porcelain')).toBe('')
  })
})
