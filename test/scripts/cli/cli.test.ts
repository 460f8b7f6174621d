import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApi } from '../../support/api.ts'

const api = await testApi()
const bin = fileURLToPath(new URL('../../../scripts/bin.mjs', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'devgodzilla-cli-'))
afterAll(() => rm(folder, { recursive: true }))

/** Runs the command as a user would, against the API of this test. */
const devgodzilla = (args: string[], env: Record<string, string> = {}) =>
  execa(process.execPath, [bin, ...args], {
    reject: false,
    env: { DEVGODZILLA_URL: api.url, DEVGODZILLA_TOKEN: api.adminToken, ...env },
  })

beforeAll(async () => {
  const project = (await api.post('/projects', { slug: 'cli', name: 'CLI' })).body
  const sprint = (await api.post('/sprints', { project_id: project.id, name: 'One' })).body
  for (const title of ['first card', 'second card']) {
    await api.post('/tasks', {
      project_id: project.id,
      sprint_id: sprint.id,
      title,
      story_points: 2,
    })
  }
}, 60_000)

describe('help', () => {
  test('names every command and the first steps', async () => {
    const { stdout, exitCode } = await devgodzilla(['--help'])
    expect(exitCode).toBe(0)
    for (const word of ['start', 'flow', 'sprint', 'tasks', 'token', 'call', 'First steps']) {
      expect(stdout).toContain(word)
    }
  })

  test('follows a command that does not exist', async () => {
    const { stderr, exitCode } = await devgodzilla(['sprnt'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('Did you mean sprint?')
  })

  test('of the command that was called wrongly is named', async () => {
    for (const args of [
      ['task', 'show'],
      ['flow', 'run'],
    ]) {
      const { stderr, exitCode } = await devgodzilla(args)
      expect(exitCode).toBe(1)
      expect(stderr).toContain(`Try "devgodzilla ${args.join(' ')} --help".`)
    }
  })
})

describe('sprint', () => {
  test('list and show say what the board shows', async () => {
    expect((await devgodzilla(['sprint', 'list'])).stdout).toMatch(/CLI-S1 +planning +0/)
    const { stdout } = await devgodzilla(['sprint', 'show', 'CLI-S1'])
    expect(stdout).toContain('0 of 4 points done')
    expect(stdout).toContain('todo (2)')
    expect(stdout).toContain('second card')
  })

  test('--json prints the same for programs', async () => {
    const { stdout } = await devgodzilla(['sprint', 'show', 'CLI-S1', '--json'])
    const shown = JSON.parse(stdout)
    expect(shown.velocity.total_points).toBe(4)
    expect(shown.tasks).toHaveLength(2)
  })

  test('a sprint that does not exist is refused with a way to find the right one', async () => {
    const { stderr, exitCode } = await devgodzilla(['sprint', 'show', 'NOPE'])
    expect(exitCode).toBe(1)
    expect(stderr).toBe('There is no sprint NOPE. "devgodzilla sprint list" shows them all.')
  })
})

describe('token', () => {
  test('create prints a secret that works until it is revoked', async () => {
    const { stdout: secret } = await devgodzilla([
      'token',
      'create',
      '--name',
      'reader',
      '--role',
      'viewer',
    ])
    expect((await api.get('/projects', { token: secret })).status).toBe(200)
    expect((await api.post('/projects', {}, { token: secret })).status).not.toBe(201)

    const { stdout } = await devgodzilla(['token', 'list', '--json'])
    expect(stdout).not.toContain(secret)
    const id = JSON.parse(stdout).find((it: { name: string }) => it.name === 'reader').id
    await devgodzilla(['token', 'revoke', String(id)])
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect((await api.get('/projects', { token: secret })).status).toBe(401)
  })

  test('an unknown role is refused by the API’s own words', async () => {
    const { stderr, exitCode } = await devgodzilla([
      'token',
      'create',
      '--name',
      'x',
      '--role',
      'king',
    ])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('role:')
  })
})

describe('tasks check', () => {
  test('shows what is recognised and what is not', async () => {
    const file = join(folder, 'tasks.md')
    await writeFile(file, '# Tasks\n\n- [x] T001 Begin\n- [ ] Not a task\n')
    const { stdout, exitCode } = await devgodzilla(['tasks', 'check', folder])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('1 tasks, 1 done')
    expect(stdout).toContain('checkbox_without_id')
  })

  test('says when there is no such file', async () => {
    const { stderr, exitCode } = await devgodzilla(['tasks', 'check', join(folder, 'nope.md')])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('cannot be read: ENOENT')
  })
})

describe('events archive', () => {
  test('tells what would move, then moves it month by month', async () => {
    await api.database.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await tx`
        update events set emitted_at = '2024-01-31T12:00:00Z'::timestamptz + id * interval '1 day'
        where id <= 3`
    })
    const archive = ['events', 'archive', '--before', '2025-01-01', '--to', folder]
    const planned = await devgodzilla([...archive, '--dry-run'])
    expect(planned.stdout).toMatch(/2024-02 +3 +waiting/)
    const { stdout, exitCode } = await devgodzilla(archive)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/2024-02 +3 +archived +.*events-2024-02\.jsonl\.gz/)
    expect((await devgodzilla(archive)).stdout).toContain('no events of months before 2025-01-01')
    const refused = await devgodzilla(['events', 'archive', '--before', 'tomorrow'])
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain('before: must be a date')
  })
})

describe('call', () => {
  test('reaches any verb by its name', async () => {
    const { stdout } = await devgodzilla(['call', 'task.update', 'task_id=1', 'board_status=done'])
    expect(JSON.parse(stdout).board_status).toBe('done')
  })

  test('prints a chart as CSV where that is asked for', async () => {
    const { stdout } = await devgodzilla(['call', 'project.velocity', 'project_id=1', 'format=csv'])
    expect(stdout).toMatch(/^sprint_id,code,name,/)
  })

  test('puts each field where the verb reads it', async () => {
    const { stdout } = await devgodzilla(['call', 'task.delete', 'task_id=2', 'override_reason=x'])
    expect(JSON.parse(stdout).board_status).toBe('archived')
  })

  test('refuses what the API refuses, and says why', async () => {
    const { stderr, exitCode } = await devgodzilla([
      'call',
      'task.update',
      'task_id=1',
      'colour=red',
    ])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('colour')
  })
})

test('what others wrote does not reach the terminal as a command of its own', async () => {
  const [red, told] = ['\u001b[31m\u0007\u009b2Jred', '[31m2Jred']
  const made = (await api.post('/projects', { slug: 'hostile', name: red })).body
  const task = (await api.post('/tasks', { project_id: made.id, title: red })).body
  for (const args of [
    ['task', 'list', '--project', 'hostile'],
    ['report', '--project', 'hostile'],
    ['agent', 'init', `T:${red}`],
  ]) {
    const { stdout, stderr } = await devgodzilla(args)
    expect(stdout + stderr).toContain(told)
    expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  }
  const { stdout } = await devgodzilla(['task', 'show', task.code, '--json'])
  expect(JSON.parse(stdout).title).toBe(red)
})

// Other systems have no such file.
test.runIf(process.platform === 'linux')(
  'a full disk is an error, a reader who left is none',
  async () => {
    const inShell = (then: string) =>
      execa(
        'bash',
        ['-c', `set -o pipefail; '${process.execPath}' '${bin}' sprint list --json ${then}`],
        {
          reject: false,
          env: { DEVGODZILLA_URL: api.url, DEVGODZILLA_TOKEN: api.adminToken },
        },
      )
    const full = await inShell('> /dev/full')
    expect(full.exitCode).toBe(1)
    expect(full.stderr).toContain('could not be written: ENOSPC')
    expect(await inShell('| true')).toMatchObject({ exitCode: 0, stderr: '' })
  },
)

test('where nothing answers, the settings that name another place are told', async () => {
  const { stderr, exitCode } = await devgodzilla(['sprint', 'list'], {
    DEVGODZILLA_URL: 'http://127.0.0.1:9',
  })
  expect(exitCode).toBe(1)
  expect(stderr).toContain('set DEVGODZILLA_PORT or DEVGODZILLA_URL')
})

describe('flow run', () => {
  test('says where it looked when nothing answers', async () => {
    const { stderr, exitCode } = await devgodzilla(['flow', 'run', 'x'], {
      WINDMILL_BASE_URL: 'http://127.0.0.1:9',
    })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('Nothing answers at http://127.0.0.1:9')
    expect(stderr).toContain('set DEVGODZILLA_WINDMILL_PORT or WINDMILL_BASE_URL')
  })

  test('refuses arguments that are not a JSON object', async () => {
    for (const data of ['[1]', '{x']) {
      const { stderr, exitCode } = await devgodzilla(['flow', 'run', 'x', '-d', data])
      expect(exitCode).toBe(1)
      expect(stderr).toContain('--data')
    }
  })
})

describe('verify', () => {
  test('succeeds while every revision is as it was written, and names the one that is not', async () => {
    const whole = await devgodzilla(['verify'])
    expect(whole).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('as they were written.'),
    })
    await api.database.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await tx`update revisions set actor = 'nobody' where entity_type = 'task' and entity_id = 1`
    })
    const tampered = await devgodzilla(['verify'])
    expect(tampered.exitCode).toBe(1)
    expect(tampered.stdout).toMatch(/task 1 +1 +hash/)
    const { stdout, exitCode } = await devgodzilla(['verify', '--json'])
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout).faults[0]).toMatchObject({
      entity_type: 'task',
      entity_id: 1,
      number: 1,
    })
  })
})
