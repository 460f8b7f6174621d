import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Command } from 'commander'
import { execa } from 'execa'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { addSpecKit } from '../../../scripts/cli/speckit.ts'
import { leaveAddress } from '../../../scripts/connect/address.ts'
import { CliError } from '../../../scripts/connect/client.ts'
import { fakeWindmill } from '../../api/http/webhooks/support/windmill.ts'
import {
  git,
  repositoryWith,
  temporaryFolder,
  writeFiles,
} from '../../f/support/git-repositories.ts'
import { eventually, type Json, testApi, webhookSecret } from '../../support/api.ts'

const windmill = await fakeWindmill()
const api = await testApi({ windmillUrl: windmill.url })
beforeAll(async () => {
  await api.post('/projects', { slug: 'taken', name: 'Taken', repo_url: 'https://github.com/a/b' })
})

const environment = {
  ...{ DEVGODZILLA_URL: api.url, DEVGODZILLA_TOKEN: api.adminToken, PATH: '/usr/bin:/bin' },
  SPECKIT_DEVGODZILLA_SECRET: webhookSecret,
}

/** Runs the command within this process, as for a user who has no `specify`. */
async function speckit(args: string[], env: Record<string, string> = {}) {
  const given = Object.entries({ ...environment, ...env })
  for (const [name, value] of given) vi.stubEnv(name, value)
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const program = new Command()
  addSpecKit(program)
  let stderr = ''
  try {
    await program.parseAsync(['speckit', ...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    stderr = error.message
  }
  const stdout = log.mock.calls.flat().join('\n')
  const exitCode = stderr ? 1 : Number(process.exitCode ?? 0)
  process.exitCode = undefined
  vi.unstubAllEnvs()
  log.mockRestore()
  return { exitCode, stdout, stderr, json: args.includes('--json') ? JSON.parse(stdout) : null }
}

const feature = { 'specs/001-shop/tasks.md': '- [ ] T001 One\n' }
const extension = '.specify/extensions/devgodzilla'
/** Everything that Git would see, as text; and what it ignores with it. */
const contents = async (root: string) => {
  const paths = (await git(root, 'ls-files', '--others', '--cached')).split('\n')
  return Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), 'utf8')]))
}

describe('speckit install', () => {
  test('puts the extension there, registers it and makes the project; again, it changes nothing', async () => {
    const root = await repositoryWith(feature)
    const planned = await speckit(['install', root, '--project', 'shop', '--dry-run', '--json'])
    expect(planned.json.changes.map((it: Json) => it.path)).toContain(`${extension}/extension.yml`)
    expect(await git(root, 'status', '--porcelain')).toBe('')
    expect((await api.get('/projects?slug=shop')).body.items).toEqual([])

    const done = await speckit(['install', root, '--project', 'shop', '--json'])
    expect(done).toMatchObject({ exitCode: 0, json: { project: 'shop', project_is_new: true } })
    expect(done.json.changes).toEqual(expect.arrayContaining(planned.json.changes))
    const [project] = (await api.get('/projects?slug=shop')).body.items
    expect(project).toMatchObject({ local_path: root, default_branch: 'main' })
    const { installed, hooks } = parse(
      await readFile(join(root, '.specify/extensions.yml'), 'utf8'),
    )
    expect(installed).toEqual(['devgodzilla'])
    expect(hooks.after_tasks).toMatchObject([
      { extension: 'devgodzilla', command: 'speckit.devgodzilla.sync', optional: false },
    ])
    const before = await contents(root)
    expect(JSON.stringify(before)).not.toContain(webhookSecret)

    const again = await speckit(['install', root])
    expect(again.stdout).toMatch(/^Nothing to change\./)
    expect(await contents(root)).toEqual(before)
  })

  test('writes the address down only where the hook would not find it', async () => {
    const root = await repositoryWith(feature)
    const dataDir = await temporaryFolder()
    const config = async () =>
      parse(await readFile(join(root, extension, 'devgodzilla-config.yml'), 'utf8'))
    const install = async (...args: string[]) => {
      await speckit(['install', root, '--project', 'found', ...args], {
        DEVGODZILLA_DATA_DIR: dataDir,
      })
      return (await config()).url
    }
    expect(await install()).toBe(api.url)
    await leaveAddress(dataDir, { api: api.url })
    expect(await install()).toBe('')
    // Whoever has the secret elsewhere may have no such folder.
    expect(await install('--secret-file', join(dataDir, 'secret'))).toBe(api.url)
    await leaveAddress(dataDir, { api: 'http://127.0.0.1:1' })
    expect(await install()).toBe(api.url)

    const file = join(root, extension, 'devgodzilla-config.yml')
    const trigger = 'http://127.0.0.1:8000/api/r/devgodzilla/speckit'
    const text = await readFile(file, 'utf8')
    await writeFile(
      file,
      text.replace(api.url, trigger).replace('target: webhook', 'target: windmill'),
    )
    expect(await install()).toBe(trigger)
  })

  test('leaves what others have registered, and what people have chosen, as it is', async () => {
    const extensions = [
      '# ours',
      'installed: [git]',
      'hooks:',
      '  after_tasks: # keep',
      '    # theirs',
      '    - extension: git',
      '      command: speckit.git.commit # both',
      '  before_plan:',
      '    - { extension: git, command: speckit.git.commit }',
      '',
    ].join('\r\n')
    const root = await repositoryWith({ ...feature, '.specify/extensions.yml': extensions })
    await speckit(['install', root, '--project', 'others'])
    const file = join(root, '.specify/extensions.yml')
    const text = await readFile(file, 'utf8')
    for (const word of ['# ours', '# keep', '# theirs', '# both']) expect(text).toContain(word)
    expect(text.replaceAll('\r\n', ''), 'the ends of all lines as they were').not.toMatch(/[\r\n]/)
    const { installed, hooks } = parse(text)
    expect(installed).toEqual(['devgodzilla', 'git'])
    expect(hooks.after_tasks.map((it: Json) => it.extension)).toEqual(['git', 'devgodzilla'])

    await writeFile(file, text.replace('enabled: true', 'enabled: false'))
    const config = join(root, extension, 'devgodzilla-config.yml')
    const mine = `# mine\n${await readFile(config, 'utf8')}`
    await writeFile(config, mine)
    expect((await speckit(['install', root])).stdout).toMatch(/^Nothing to change\./)
    expect(await readFile(config, 'utf8')).toBe(mine)

    await speckit(['uninstall', root])
    const left = parse(await readFile(file, 'utf8'))
    expect(left).toMatchObject({ installed: ['git'], ...{ hooks: parse(extensions).hooks } })
    expect((await speckit(['uninstall', root])).stdout).toBe('Nothing to change.')
  })

  test('mends what is half there, and takes files that Git gave other line ends for the same', async () => {
    const halves = {
      '.specify/extensions.yml': 'installed:\nhooks:\n',
      '.specify/extensions/.registry': '{"extensions": null}',
      [`${extension}/extension.yml`]: 'half',
    }
    const root = await repositoryWith({ ...feature, ...halves })
    expect(await speckit(['install', root, '--project', 'half'])).toMatchObject({ exitCode: 0 })
    const manifest = join(root, extension, 'extension.yml')
    const text = await readFile(manifest, 'utf8')
    await writeFile(manifest, text.replaceAll('\n', '\r\n'))
    expect((await speckit(['install', root])).stdout).toMatch(/^Nothing to change\./)
    expect((await speckit(['status', root])).stdout).toMatch(/ok +extension/)
  })

  test('its Git hooks are husky’s where husky is, which makes its own folder anew', async () => {
    const root = await repositoryWith({ ...feature, '.husky/post-commit': 'npm test\n' })
    await writeFiles(root, { '.husky/_/post-commit': '#!/usr/bin/env sh\n. "${0%/*}/h"\n' })
    await git(root, 'config', 'core.hooksPath', '.husky/_')
    const { json } = await speckit([
      ...['install', root, '--project', 'husky', '--hook', 'git', '--json'],
    ])
    expect(json.changes.map((it: Json) => it.path)).toContain('.husky/post-merge')
    expect(await readFile(join(root, '.husky/_/post-commit'), 'utf8')).not.toContain('devgodzilla')
    expect(await readFile(join(root, '.husky/post-commit'), 'utf8')).toMatch(
      /notify\.mjs[\s\S]*npm/,
    )
    await speckit(['uninstall', root])
    expect(await readFile(join(root, '.husky/post-commit'), 'utf8')).toBe('npm test\n')
    await expect(readFile(join(root, '.husky/post-merge'))).rejects.toThrow('ENOENT')
  })

  test('its Git hooks are silent on a branch that has no extension', async () => {
    const root = await repositoryWith(feature)
    await speckit(['install', root, '--project', 'branched', '--hook', 'git'])
    const hook = join(root, '.git/hooks/post-commit')
    await rm(join(root, '.specify'), { recursive: true })
    expect(await execa(hook, { cwd: root, all: true })).toMatchObject({ all: '' })
  })

  test('its Git hooks tell of commits and merges, beside the hooks that are there', async () => {
    const root = await repositoryWith(feature)
    const hook = join(root, '.git/hooks/post-commit')
    await mkdir(join(root, '.git/hooks'), { recursive: true })
    await writeFile(hook, '#!/bin/bash\necho theirs > theirs\nexit 3\n')
    await chmod(hook, 0o755)
    await speckit(['install', root, '--project', 'hooked', '--hook', 'git'])
    const before = await readFile(hook, 'utf8')
    await speckit(['install', root, '--project', 'hooked', '--hook', 'git'])
    expect(await readFile(hook, 'utf8')).toBe(before)

    process.env.SPECKIT_DEVGODZILLA_SECRET = webhookSecret
    const told = async () =>
      (await api.get('/events?type=webhook.received')).body.items.map(
        (it: Json) => it.payload.spec_path,
      )
    await writeFiles(root, { 'specs/001-shop/tasks.md': '- [x] T001 One\n' })
    await git(root, 'commit', '--quiet', '--all', '-m', 'Tick')
    expect(await eventually(told, (paths) => paths.length === 1)).toEqual(['specs/001-shop'])
    expect(await readFile(join(root, 'theirs'), 'utf8')).toBe('theirs\n')
    await git(root, 'checkout', '--quiet', '-b', 'topic', 'HEAD~1')
    await writeFiles(root, { 'specs/002-till/tasks.md': '- [ ] T001 One\n' })
    await git(root, 'add', 'specs')
    await git(root, '-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '-m', 'Till')
    await git(root, 'checkout', '--quiet', 'main')
    await git(root, 'merge', '--quiet', 'topic', '-m', 'Merge')
    expect(await eventually(told, (paths) => paths.length === 2)).toContain('specs/002-till')
    delete process.env.SPECKIT_DEVGODZILLA_SECRET

    await speckit(['uninstall', root])
    expect(await readFile(hook, 'utf8')).toBe('#!/bin/bash\necho theirs > theirs\nexit 3\n')
    await expect(readFile(join(root, '.git/hooks/post-merge'))).rejects.toThrow('ENOENT')
  })

  test.each<[string, RegExp, () => Promise<string[]>]>([
    [
      'a folder without Git',
      /no Git repository: run "git init"/,
      async () => [await temporaryFolder()],
    ],
    ['no folder', /cannot be read: ENOENT/, async () => ['/nowhere']],
    [
      'a link out of the repository',
      /\.specify is a link/,
      async () => {
        const root = await repositoryWith(feature)
        await symlink(await temporaryFolder(), join(root, '.specify'))
        return [root]
      },
    ],
    [
      'a linked file',
      /devgodzilla-config\.yml is a link/,
      async () => {
        const root = await repositoryWith({ ...feature, [`${extension}/x`]: '' })
        await symlink('/etc/hostname', join(root, extension, 'devgodzilla-config.yml'))
        return [root]
      },
    ],
    [
      'extensions.yml that is no YAML',
      /extensions\.yml is not YAML/,
      async () => [await repositoryWith({ ...feature, '.specify/extensions.yml': 'a: [' })],
    ],
    [
      'another repository’s project',
      /taken is another repository .*--project/,
      async () => [await repositoryWith(feature), '--project', 'taken'],
    ],
    [
      'a hook that is no shell script',
      /is no shell script, so nothing was added/,
      async () => {
        const root = await repositoryWith(feature)
        await mkdir(join(root, '.git/hooks'), { recursive: true })
        await writeFile(join(root, '.git/hooks/post-commit'), '#!/usr/bin/env python3\n')
        return [root, '--hook', 'git']
      },
    ],
    [
      'a hook that is every repository’s',
      /hook of other repositories too \(core\.hooksPath\), so nothing was added/,
      async () => {
        const root = await repositoryWith(feature)
        await git(root, 'config', 'core.hooksPath', await temporaryFolder())
        return [root, '--hook', 'git']
      },
    ],
    [
      'a linked hook',
      /post-commit is a link, so nothing was added/,
      async () => {
        const root = await repositoryWith({ ...feature, 'hook.sh': '#!/bin/sh\n' })
        await mkdir(join(root, '.git/hooks'), { recursive: true })
        await symlink(join(root, 'hook.sh'), join(root, '.git/hooks/post-commit'))
        return [root, '--hook', 'git']
      },
    ],
    [
      'extensions.yml with something else in it',
      /extensions\.yml: hooks\.after_tasks is not what it should be/,
      async () => [
        await repositoryWith({ ...feature, '.specify/extensions.yml': 'hooks: {after_tasks: 3}' }),
      ],
    ],
  ])('%s is refused with what to do, and changes nothing', async (_what, says, given) => {
    const { items } = (await api.get('/projects?limit=1000')).body
    const projects = items.map((it: Json) => it.slug)
    const { exitCode, stderr } = await speckit(['install', ...(await given())])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(says)
    expect((await api.get('/projects?limit=1000')).body.items.map((it: Json) => it.slug)).toEqual(
      projects,
    )
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

describe('speckit status', () => {
  test('a signed ping arrives, or says what is wrong', async () => {
    const root = await repositoryWith(feature)
    expect(await speckit(['status', root])).toMatchObject({
      ...{ exitCode: 1, stdout: expect.stringContaining('run "devgodzilla speckit install"') },
    })
    const slug = basename(root).toLowerCase()
    await speckit(['install', root])
    expect(await speckit(['status', root])).toMatchObject({
      ...{ exitCode: 0, stdout: expect.stringMatching(/ok +signed ping +arrived/) },
    })
    expect((await api.get(`/projects?slug=${slug}`)).body.items).toHaveLength(1)

    const wrong = await speckit(['status', root, '--json'], {
      SPECKIT_DEVGODZILLA_SECRET: 'guessed',
    })
    expect(wrong).toMatchObject({
      ...{
        exitCode: 1,
        json: expect.arrayContaining([
          { what: 'signed ping', ok: false, says: expect.stringContaining('answered 401') },
        ]),
      },
    })
    await writeFile(join(root, extension, 'extension.yml'), 'edited: true\n')
    expect((await speckit(['status', root])).stdout).toMatch(/!! +extension +not of this version/)
  })

  test('the secret comes from the file that install was told of, which Git ignores', async () => {
    const root = await repositoryWith(feature)
    const file = join(await temporaryFolder(), 'secret')
    await writeFile(file, `${webhookSecret}\n`, { mode: 0o600 })
    await speckit(['install', root, '--project', 'filed', '--secret-file', file])
    expect(await git(root, 'status', '--porcelain', '-uall')).not.toContain('local-config.yml')
    const found = await speckit(['status', root], { SPECKIT_DEVGODZILLA_SECRET: '' })
    expect(found).toMatchObject({ exitCode: 0 })
  })
})
