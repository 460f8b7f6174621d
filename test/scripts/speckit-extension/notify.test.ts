import { createHmac } from 'node:crypto'
import { cp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { leaveAddress } from '../../../scripts/connect/address.ts'
import { fakeWindmill } from '../../api/http/webhooks/support/windmill.ts'
import {
  git,
  repositoryWith,
  temporaryFolder,
  writeFiles,
} from '../../f/support/git-repositories.ts'
import { type Json, testApi, webhookSecret } from '../../support/api.ts'

const windmill = await fakeWindmill()
const api = await testApi({ windmillUrl: windmill.url })
await api.post('/projects', { slug: 'shop', name: 'Shop' })

const source = fileURLToPath(new URL('../../../scripts/speckit-extension', import.meta.url))
const installed = '.specify/extensions/devgodzilla'
const [one, two] = ['specs/001-shop/tasks.md', 'packages/till/specs/002-till/tasks.md']

async function repository(config = `project: shop\nurl: "${api.url}" # here\n`): Promise<string> {
  const root = await repositoryWith({ [one]: '- [ ] T001 One\n', [two]: '- [ ] T001 Two\n' })
  await cp(source, join(root, installed), { recursive: true })
  await writeFile(join(root, installed, 'devgodzilla-config.yml'), config)
  await git(root, 'add', '--all')
  await git(root, 'commit', '--quiet', '-m', 'Install')
  return root
}

interface Given {
  env?: Record<string, string>
  input?: string
  cwd?: string
  script?: string
}

async function notify(root: string, args: string[] = [], given: Given = {}) {
  const script = join(root, installed, 'scripts', given.script ?? 'notify.mjs')
  const { exitCode, stdout, stderr, all } = await execa(
    ...([
      given.script ? script : process.execPath,
      given.script ? args : [script, ...args],
    ] as const),
    {
      ...{ cwd: given.cwd ?? root, reject: false, input: given.input ?? '', all: true },
      extendEnv: false,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: root,
        SPECKIT_DEVGODZILLA_SECRET: webhookSecret,
        ...given.env,
      },
    },
  )
  return { exitCode, stdout, stderr, all }
}

/** The spec folders that hooks named since the last call. */
async function told(): Promise<string[]> {
  const rows = await api.database.sql`
    select payload->>'spec_path' as path from events where type = 'webhook.received' and id > ${seen} order by id`
  const [last] = await api.database.sql`select coalesce(max(id), 0)::int as id from events`
  seen = last?.id ?? 0
  return rows.map(({ path }) => path)
}
let seen = 0

test('named folders and files are told of, signed, from wherever it is called', async () => {
  const root = await repository()
  const { exitCode, stdout } = await notify(root, ['specs/001-shop', two])
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: `${one}: The spec will be read again.\n${two}: The spec will be read again.`,
  })
  expect(await told()).toEqual(['specs/001-shop', 'packages/till/specs/002-till'])
  await notify(root, ['tasks.md'], { cwd: join(root, 'specs/001-shop') })
  expect(await told()).toEqual(['specs/001-shop'])
  await notify(root, ['../elsewhere/tasks.md', '/etc/specs/tasks.md'])
  expect(await told()).toEqual([])
})

test('without names, what Git sees changed is told of', async () => {
  const root = await repository()
  await notify(root, ['--commit'])
  expect(await told(), 'the commit of the extension changed no feature').toEqual([])
  await writeFiles(root, {
    [two]: '- [x] T001 Two\n',
    'specs/003-new/tasks.md': '- [ ] T001 New\n',
  })
  await rm(join(root, one))
  await notify(root)
  expect((await told()).sort()).toEqual([
    ...['packages/till/specs/002-till', 'specs/001-shop', 'specs/003-new'],
  ])
  await git(root, 'add', '--all')
  await git(root, 'commit', '--quiet', '-m', 'Change')
  await notify(root, ['--commit'])
  expect(await told()).toHaveLength(3)
  await git(root, 'mv', 'specs/003-new', 'specs/004-newer')
  await git(root, 'commit', '--quiet', '-m', 'Rename')
  await notify(root, ['--since', 'HEAD~1'])
  expect((await told()).sort(), 'a renamed one by both its names').toEqual([
    ...['specs/003-new', 'specs/004-newer'],
  ])
})

test('a project in a folder of a monorepo tells of its own path, also from within a hook', async () => {
  const root = await repositoryWith({ 'packages/a/specs/001-a/tasks.md': '- [ ] T001 One\n' })
  const folder = join(root, 'packages/a')
  await cp(source, join(folder, installed), { recursive: true })
  await writeFile(
    join(folder, installed, 'devgodzilla-config.yml'),
    `project: shop\nurl: ${api.url}\n`,
  )
  await told()
  await notify(folder, ['--commit'], {
    cwd: root,
    env: { GIT_DIR: '.git', GIT_INDEX_FILE: '.git/index' },
  })
  await notify(folder, ['specs/001-a'])
  expect(await told()).toEqual(['packages/a/specs/001-a', 'packages/a/specs/001-a'])
})

test.each<[string, (root: string) => object, string[]]>([
  [
    'Claude Code',
    (root) => ({ hook_event_name: 'PostToolUse', tool_input: { file_path: join(root, one) } }),
    ['specs/001-shop'],
  ],
  [
    'Codex',
    () => ({ tool_name: 'shell', tool_input: { command: ['sed', '-i', 's/ /x/', one] } }),
    ['specs/001-shop'],
  ],
  [
    'opencode',
    (root) => ({ input: { tool: 'edit', args: { filePath: join(root, two) } } }),
    ['packages/till/specs/002-till'],
  ],
  [
    'a shell line',
    () => ({ tool_input: { command: `cat > '${one}' <<X && echo "${two}"` } }),
    ['specs/001-shop', 'packages/till/specs/002-till'],
  ],
  ['another file', (root) => ({ tool_input: { file_path: join(root, 'src/tasks.ts') } }), []],
  ['a file elsewhere', () => ({ tool_input: { file_path: '/tmp/specs/009/tasks.md' } }), []],
  ['nothing', () => ({ tool_name: 'Bash' }), []],
])('an event of %s names what was written', async (_agent, payload, specs) => {
  const root = await repository()
  await told()
  const input = JSON.stringify(payload(root))
  const { exitCode, all } = await notify(root, ['--payload'], { input, script: 'notify.sh' })
  expect({ exitCode, all }, 'an agent would read what is printed').toEqual({ exitCode: 0, all: '' })
  expect(await told()).toEqual(specs)
})

test('a file that an agent only read is not told of; the end of its turn tells of what is not committed', async () => {
  const root = await repository()
  const before = new Date(Date.now() - 3_600_000)
  for (const file of [one, two]) await utimes(join(root, file), before, before)
  await told()
  const read = JSON.stringify({ tool_name: 'Bash', tool_input: { command: `cat ${one}` } })
  await notify(root, ['--payload'], { input: read })
  await notify(root, ['--payload'], { input: '{"hook_event_name": "Stop"}' })
  expect(await told()).toEqual([])
  await writeFiles(root, { [two]: '- [x] T001 Two\n' })
  await notify(root, ['--payload'], { input: '{"hook_event_name": "Stop"}' })
  expect(await told()).toEqual(['packages/till/specs/002-till'])
})

test.each<[string, RegExp, (root: string) => Promise<Given & { config?: string }>]>([
  [
    'a wrong secret',
    /answered 401: The signature is not that/,
    async () => ({ env: { SPECKIT_DEVGODZILLA_SECRET: 'guessed' } }),
  ],
  [
    'an unknown project',
    /answered 404/,
    async () => ({ env: { SPECKIT_DEVGODZILLA_PROJECT: 'nowhere' } }),
  ],
  [
    'nobody there',
    /did not answer \(/,
    async () => ({ env: { SPECKIT_DEVGODZILLA_URL: 'http://127.0.0.1:9' } }),
  ],
  [
    'no secret',
    /there is no secret in .*webhook-secret: /,
    async () => ({ env: { SPECKIT_DEVGODZILLA_SECRET: '' } }),
  ],
  [
    'a secret that others can read',
    /others can read .*chmod 600/,
    async () => {
      const file = join(await temporaryFolder(), 'secret')
      await writeFile(file, webhookSecret, { mode: 0o644 })
      return { env: { SPECKIT_DEVGODZILLA_SECRET: '', SPECKIT_DEVGODZILLA_SECRET_FILE: file } }
    },
  ],
  [
    'a secret in the repository',
    /lies in the repository/,
    async (root) => {
      await writeFile(join(root, 'secret'), webhookSecret, { mode: 0o600 })
      return {
        env: {
          SPECKIT_DEVGODZILLA_SECRET: '',
          SPECKIT_DEVGODZILLA_SECRET_FILE: join(root, 'secret'),
        },
      }
    },
  ],
  [
    'a secret in the configuration',
    /take the secret out of/,
    async (root) => {
      await writeFile(join(root, installed, 'local-config.yml'), `secret: ${webhookSecret}\n`)
      return {}
    },
  ],
])(
  '%s is a warning without the secret, and fails only where that is asked for',
  async (_what, says, given) => {
    const root = await repository()
    const more = await given(root)
    const { exitCode, stdout, stderr } = await notify(root, ['specs/001-shop'], more)
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' })
    expect(stderr).toMatch(/^devgodzilla: the board was not told: /)
    expect(stderr).toMatch(says)
    expect(stderr).not.toContain(webhookSecret)
    expect((await notify(root, ['specs/001-shop', '--strict'], more)).exitCode).toBe(1)
  },
)

test('the secret is read from a file of its owner, and the nearer configuration wins', async () => {
  const root = await repository('project: other\nurl: http://127.0.0.1:9\n')
  const file = join(await temporaryFolder(), 'secret')
  await writeFile(file, `${webhookSecret}\n`, { mode: 0o600 })
  await writeFile(
    join(root, installed, 'local-config.yml'),
    `project: 'other'\nurl: ${api.url}\nsecret_file: ${file}\n`,
  )
  await told()
  const env = { SPECKIT_DEVGODZILLA_SECRET: '', SPECKIT_DEVGODZILLA_PROJECT: 'shop' }
  expect(await notify(root, ['specs/001-shop', '--json'], { env })).toMatchObject({ exitCode: 0 })
  expect(await told()).toEqual(['specs/001-shop'])
})

test('without an address it finds the DevGodzilla of this machine where that said it answers', async () => {
  const root = await repository('project: shop\nurl: ""\n')
  const folder = await temporaryFolder()
  const env = { DEVGODZILLA_DATA_DIR: folder }
  await leaveAddress(folder, { api: api.url })
  await told()
  expect(await notify(root, ['specs/001-shop', '--strict'], { env })).toMatchObject({ exitCode: 0 })
  expect(await told()).toEqual(['specs/001-shop'])
})

test('a ping tries the way and has nothing read', async () => {
  const root = await repository()
  await told()
  const { exitCode, stdout } = await notify(root, ['--ping', '--strict'])
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Only'),
  })
  expect(await told()).toEqual([])
})

test('one more try, with the same id; a Windmill trigger gets its body signed', async () => {
  const root = await repository()
  const asked: { headers: Json; body: string }[] = []
  const server = createServer(async (request, response) => {
    asked.push({ headers: request.headers, body: await text(request) })
    response.writeHead(asked.length === 1 ? 503 : 200).end('"01990000-0000-4000-8000-000000000001"')
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((listening) => server.once('listening', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/r/devgodzilla/speckit`
  const env = { SPECKIT_DEVGODZILLA_URL: url, SPECKIT_DEVGODZILLA_TARGET: 'windmill' }
  expect((await notify(root, ['specs/001-shop', '--strict'], { env })).exitCode).toBe(0)
  expect(asked).toHaveLength(2)
  const body = asked[1]?.body ?? ''
  const code = createHmac('sha256', webhookSecret).update(body).digest('hex')
  expect(asked[1]?.headers['x-devgodzilla-signature']).toBe(`sha256=${code}`)
  expect(JSON.parse(body)).toEqual({ project: 'shop', file: one, event: 'tasks_changed' })
})

test('what it was called with and does not know, or knows half, is named', async () => {
  const root = await repository()
  for (const [args, wrong] of [
    [['--bogus'], "'--bogus'"],
    [['--since'], "'--since <value>' argument missing"],
  ] as const) {
    const { exitCode, stderr } = await notify(root, [...args])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(wrong)
    expect(stderr).toContain('--since REV')
  }
})

test('the manifest names files that are there, by the names Spec Kit asks for', async () => {
  const manifest = parse(await readFile(join(source, 'extension.yml'), 'utf8'))
  const commands: string[] = manifest.provides.commands.map((it: Json) => it.name)
  for (const { name, file } of manifest.provides.commands) {
    expect(name).toMatch(/^speckit\.devgodzilla\.[a-z-]+$/)
    const [, front] = (await readFile(join(source, file), 'utf8')).split(/^---$/m)
    for (const script of Object.values<string>(parse(front ?? '').scripts ?? {})) {
      await readFile(join(source, script.split(' ')[0] ?? ''))
    }
  }
  for (const { template } of manifest.provides.config) await readFile(join(source, template))
  const used = [...Object.values<Json>(manifest.hooks), ...Object.values<Json>(manifest.events)]
  expect(commands).toEqual(expect.arrayContaining(used.map(({ command }) => command)))
})
