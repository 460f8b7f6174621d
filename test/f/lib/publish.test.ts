import { chmod, copyFile, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withCheckout } from '../../../f/devgodzilla/lib/checkout.ts'
import { publish } from '../../../f/devgodzilla/lib/publish.ts'
import { project } from '../support/entities.ts'
import { colleaguePushes, git, repositoryWith, writeFiles } from '../support/git-repositories.ts'
import { remoteWith } from '../support/git-server.ts'

const files = { 'a.txt': 'one\n', 'b.txt': 'one\n' }
const branch = 'devgodzilla/run-1'
const shown = (folder: string, path: string, at = branch) => git(folder, 'show', `${at}:${path}`)

describe.each(['local', 'remote'])('a checkout of a %s project', (where) => {
  /** The project, and the repository where its branches are. */
  async function origin() {
    if (where === 'local') {
      const local_path = await repositoryWith(files)
      return { bare: local_path, source: project({ local_path }) }
    }
    const { bare, url } = await remoteWith(files)
    return { bare, source: project({ repo_url: url }) }
  }

  it('is published as one commit on a new branch, whatever was committed in it', async () => {
    const { bare, source } = await origin()
    const published = await withCheckout(source, {}, { branch }, async (checkout) => {
      expect(checkout.base).toBe(await git(bare, 'rev-parse', 'main'))
      await writeFiles(checkout.folder, { 'a.txt': 'two\n' })
      await git(checkout.folder, 'commit', '--quiet', '--all', '-m', 'An agent commits')
      await git(checkout.folder, 'checkout', '--quiet', '-b', 'elsewhere')
      await writeFiles(checkout.folder, { 'c.txt': 'new\n' })
      return publish(checkout, 'Do the first step')
    })
    const commit = await git(bare, 'rev-parse', branch)
    expect(published).toEqual({ state: 'published', branch, commit })
    expect(await git(bare, 'rev-list', '--format=%s', '--no-commit-header', branch)).toBe(
      'Do the first step\nBegin',
    )
    expect(await shown(bare, 'a.txt')).toBe('two')
    expect(await shown(bare, 'c.txt')).toBe('new')
    expect(await shown(bare, 'a.txt', 'main')).toBe('one')
  })

  it('begins where its branch is, and has nothing new without a change', async () => {
    const { bare, source } = await origin()
    const step = (name: string) =>
      withCheckout(source, {}, { branch, name }, async (checkout) => {
        await writeFiles(checkout.folder, { [name]: name })
        return publish(checkout, name)
      })
    await step('first')
    await step('second')
    expect(await shown(bare, 'first')).toBe('first')
    expect(await step('second')).toEqual({
      state: 'nothing new',
      branch,
      commit: await git(bare, 'rev-parse', branch),
    })
  })

  it('begins at a commit or a tag that is given', async () => {
    const { bare, source } = await origin()
    const first = await git(bare, 'rev-parse', 'main')
    await git(bare, 'tag', '-a', 'v1', '-m', 'v1', first)
    for (const base of ['v1', first]) {
      const found = await withCheckout(source, {}, { branch, base }, async (it) => it.base)
      expect(found).toBe(first)
    }
    await expect(withCheckout(source, {}, { branch, base: 'v2' }, async () => 1)).rejects.toThrow(
      /cannot clone v2 of .*there is no such branch, tag or commit/,
    )
  })

  it('goes on top of what others published meanwhile', async () => {
    const { bare, source } = await origin()
    const steps = ['1', '2', '3', '4'].map((name) =>
      withCheckout(source, {}, { branch, name }, async (checkout) => {
        await writeFiles(checkout.folder, { [name]: name })
        return publish(checkout, `Step ${name}`)
      }),
    )
    for (const { state } of await Promise.all(steps)) expect(state).toBe('published')
    expect(await git(bare, 'rev-list', '--count', '--no-merges', `main..${branch}`)).toBe('4')
    expect(await git(bare, 'rev-list', '--count', '--merges', branch)).toBe('0')
  })

  it('names the files in conflict, and can go to a branch of its own', async () => {
    const { bare, source } = await origin()
    const write = (text: string, more: () => Promise<unknown> = async () => 0) =>
      withCheckout(source, {}, { branch, name: text }, async (checkout) => {
        await more()
        await writeFiles(checkout.folder, { 'a.txt': `${text}\n`, [text]: '' })
        const found = await publish(checkout, text)
        return found.state === 'conflict'
          ? [found, await publish(checkout, text, `${branch}-${text}`)]
          : [found]
      })
    const [conflict, kept] = await write('mine', () => write('theirs'))
    expect(conflict).toEqual({ state: 'conflict', branch, files: ['a.txt'] })
    expect(kept).toMatchObject({ state: 'published', branch: `${branch}-mine` })
    expect(await shown(bare, 'a.txt')).toBe('theirs')
    expect(await shown(bare, 'a.txt', `${branch}-mine`)).toBe('mine')
  })

  it('publishes nothing that was to be ignored', async () => {
    const { bare, source } = await origin()
    await withCheckout(source, {}, { branch, ignore: ['/.devgodzilla/'] }, async (checkout) => {
      await writeFiles(checkout.folder, { '.devgodzilla/artifacts/log': 'x', 'c.txt': 'c' })
      await publish(checkout, 'Step')
    })
    const listed = await git(bare, 'ls-tree', '-r', '--name-only', branch)
    expect(listed.split('\n')).toEqual(['a.txt', 'b.txt', 'c.txt'])
  })

  it('is in a folder that names the job and the step, gone afterwards', async () => {
    const { source } = await origin()
    const job = { id: `job-${where}`, root: 'r', step: 's', user: undefined }
    const found = async () =>
      (await readdir(tmpdir())).filter((name) => name.includes(`job-${where}-step_1-`))
    await withCheckout(
      source,
      {},
      { branch, name: 'step/1' },
      async () => expect(await found()).toHaveLength(1),
      job,
    )
    expect(await found()).toEqual([])
  })

  it('runs nothing that was left in it, and goes where it was to go', async () => {
    const { bare, source } = await origin()
    await withCheckout(source, {}, { branch }, async (checkout) => {
      const { folder } = checkout
      const ran = join(folder, '../ran')
      const evil = join(folder, '.git/evil')
      await writeFiles(folder, {
        '.git/evil': `#!/bin/sh\ntouch '${ran}'\n`,
        '.gitattributes': '* filter=evil merge=evil diff=evil\n',
        'a.txt': 'two\n',
      })
      await chmod(evil, 0o755)
      for (const hook of ['pre-commit', 'post-checkout', 'pre-push', 'reference-transaction']) {
        await copyFile(evil, join(folder, `.git/hooks/${hook}`))
      }
      for (const name of ['filter.evil.clean', 'filter.evil.smudge', 'merge.evil.driver']) {
        await git(folder, 'config', name, evil)
      }
      await git(folder, 'config', 'diff.external', evil)
      await git(folder, 'config', 'core.fsmonitor', evil)
      await git(folder, 'config', `url.${folder}.insteadOf`, bare)
      await git(folder, 'config', 'core.worktree', '/')
      // Somebody else is faster: what is left in it is rebased, too.
      await withCheckout(source, {}, { branch }, async (other) => {
        await writeFiles(other.folder, { 'b.txt': 'theirs\n' })
        await publish(other, 'Theirs')
      })
      await publish(checkout, 'Step')
      expect(await readdir(join(folder, '..'))).not.toContain('ran')
    })
    expect(await shown(bare, 'a.txt')).toBe('two')
    expect(await shown(bare, 'b.txt')).toBe('theirs')
  })
})

it('publishes the files of repositories made in it, and does without its own .git', async () => {
  const folder = await repositoryWith(files)
  const head = await git(folder, 'rev-parse', 'HEAD')
  await git(folder, 'update-index', '--add', '--cacheinfo', `160000,${head},module`)
  await git(folder, 'commit', '--quiet', '-m', 'Have a module')
  await withCheckout(project({ local_path: folder }), {}, { branch }, async (checkout) => {
    const made = async (path: string) => {
      await writeFiles(checkout.folder, { [`${path}/file`]: path })
      await git(join(checkout.folder, path), 'init', '--quiet')
    }
    await rm(join(checkout.folder, '.git'), { recursive: true })
    await made('empty')
    await made('outer/inner')
    await made('outer')
    await git(join(checkout.folder, 'outer'), 'add', 'file')
    await git(join(checkout.folder, 'outer'), 'commit', '--quiet', '-m', 'Outer')
    await made('module')
    await publish(checkout, 'Step')
  })
  const listed = await git(folder, 'ls-tree', '-r', '--format=%(objecttype) %(path)', branch)
  expect(listed.split('\n')).toEqual([
    ...['blob a.txt', 'blob b.txt', 'blob empty/file'],
    ...['commit module', 'blob outer/file', 'blob outer/inner/file'],
  ])
  expect(await git(folder, 'rev-parse', `${branch}:module`)).toBe(head)
})

it('leaves a local project as it is: its files, its index and the branch checked out', async () => {
  const folder = await repositoryWith(files)
  await writeFiles(folder, { 'a.txt': 'edited\n' })
  const before = await git(folder, 'status', '--porcelain', '--branch')
  await withCheckout(project({ local_path: folder }), {}, { branch }, async (checkout) => {
    expect(await readFile(join(checkout.folder, 'a.txt'), 'utf8')).toBe('one\n')
    await writeFiles(checkout.folder, { 'a.txt': 'two\n' })
    await publish(checkout, 'Step')
    await expect(publish(checkout, 'Step', 'main')).rejects.toThrow(
      /branch main of .* does not take a commit.*checked out/s,
    )
  })
  expect(await git(folder, 'status', '--porcelain', '--branch')).toBe(before)
  expect(await git(folder, 'worktree', 'list')).not.toContain('devgodzilla')
})

it('goes on top of what a colleague pushed to the branch right before', async () => {
  const { bare, url, beforePush } = await remoteWith(files)
  const published = await withCheckout(
    project({ repo_url: url }),
    {},
    { branch: 'main' },
    async (checkout) => {
      await writeFiles(checkout.folder, { 'a.txt': 'two\n' })
      beforePush(() => colleaguePushes(bare, { 'b.txt': 'two\n' }))
      return publish(checkout, 'Step')
    },
  )
  expect(published.state).toBe('published')
  expect(await shown(bare, 'a.txt', 'main')).toBe('two')
  expect(await shown(bare, 'b.txt', 'main')).toBe('two')
})
