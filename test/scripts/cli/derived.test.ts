import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { getAdr, listAdrs } from '../../../api/commands/adrs.ts'
import { initAgent } from '../../../api/commands/agents.ts'
import { allCommands } from '../../../api/commands/all.ts'
import { noteInSession } from '../../../api/commands/sessions.ts'
import { updateTask } from '../../../api/commands/tasks.ts'
import { impliesProject } from '../../../scripts/cli/derived/fields.ts'
import { lineOfRead, lineOfTool } from '../../../scripts/cli/derived/line.ts'
import { impliedProject } from '../../../scripts/cli/derived/project.ts'
import { readable } from '../../../scripts/cli/derived/readable.ts'
import { testApi } from '../../support/api.ts'

const api = await testApi()
const bin = fileURLToPath(new URL('../../../scripts/bin.mjs', import.meta.url))

const devgodzilla = (args: string[], env: Record<string, string> = {}) =>
  execa(process.execPath, [bin, ...args], {
    reject: false,
    env: { DEVGODZILLA_URL: api.url, DEVGODZILLA_TOKEN: api.adminToken, ...env },
  })

/** The commands that an init told to go on with. */
const nextIn = (stdout: string) =>
  (stdout.split('\nnext steps:\n')[1] ?? '')
    .split('\n')
    .filter((it) => it.startsWith('  - '))
    .map((it) => it.slice(4))

/** Pasted into a shell where the command is on the path. */
const inShell = (line: string) =>
  execa('sh', ['-c', `devgodzilla() { '${process.execPath}' '${bin}' "$@"; }\n${line}`], {
    reject: false,
    env: { DEVGODZILLA_URL: api.url, DEVGODZILLA_TOKEN: api.adminToken },
  })

beforeAll(async () => {
  const project = (await api.post('/projects', { slug: 'deck', name: 'Deck' })).body
  await api.post('/sprints', { project_id: project.id, name: 'One', code: 'DECK-S1' })
  const fields = { project_id: project.id, code: 'SWAB-1', title: 'Swab the deck' }
  await api.post('/tasks', { ...fields, description: 'With water.\nThen without.' })
  await api.post('/tasks', { project_id: project.id, code: 'SWAB-2', title: 'x'.repeat(300) })
}, 60_000)

describe('a verb with words for a terminal', () => {
  test('lists what there is as a table that fits, all pages of it', async () => {
    const { stdout } = await devgodzilla(['task', 'list', '--project', 'deck'])
    expect(stdout).toMatch(/^CODE +BOARD STATUS +PRIORITY/)
    expect(stdout).toMatch(/SWAB-1 +backlog .* Swab the deck/)
    expect(Math.max(...stdout.split('\n').map((it) => it.length))).toBeLessThan(180)
    const history = await devgodzilla(['history', 'SWAB-1'])
    expect(history.stdout).toMatch(/^NUMBER +FIELDS +ACTOR/)
    const page = await devgodzilla(['task', 'list', '--limit', '1', '--json'])
    expect(JSON.parse(page.stdout)).toMatchObject({ items: [{ code: 'SWAB-1' }] })
    await api.database.sql`
      insert into tasks (project_id, code, title, board_status)
      select project_id, 'MORE-' || n, 'More', 'backlog' from tasks, generate_series(1, 1005) n
      where code = 'SWAB-1'`
    const all = await devgodzilla(['task', 'list', '--json'])
    expect(JSON.parse(all.stdout).items).toHaveLength(1007)
  })

  test('changes by code, with lists, objects and nothing in place of a value', async () => {
    const given = '--sprint DECK-S1 --story-points 3 --labels-add wet --labels-add dry'.split(' ')
    const config = ['--agent-config', '{"engine":"broom"}', '--assignee', 'null', '--json']
    const { stdout } = await devgodzilla(['task', 'update', 'SWAB-1', ...given, ...config])
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ story_points: 3, labels: ['wet', 'dry'], assignee: null },
      agent_config: { engine: 'broom' },
    })
    const shown = (await devgodzilla(['task', 'show', 'SWAB-1'])).stdout
    expect(shown).toContain('title: Swab the deck\n')
    expect(shown).toContain('description:\n  With water.\n  Then without.\n')
    expect(shown).toContain('labels: wet, dry\n')
    expect(shown).not.toContain('assignee')
  })

  test('takes numbers in a list, and tells what happened in sentences', async () => {
    const create = ['adr', 'create', '--project', 'deck', '--json', '--title']
    await devgodzilla([...create, 'ADR-9: Sand'])
    const { stdout } = await devgodzilla([...create, 'Water', '--supersedes', '1'])
    expect(JSON.parse(stdout)).toMatchObject({ number: 2, supersedes: [1] })
    const told = await devgodzilla(['events', 'timeline', '--type', 'orchestration.adr.*'])
    expect(told.stdout).toMatch(/ {2}ADR 1 “Sand” is superseded by ADR 2 {2}\(admin\)\n/)
    const counted = await devgodzilla(['events', 'stats', '--type', 'adr.*'])
    expect(counted.stdout).toMatch(/^3 events from .*\n\nTYPE .*\nadr\.created +info +2\n/)
    // The only project there is need not be named.
    expect((await devgodzilla(['adr', 'list'])).stdout).toMatch(/1 +superseded +Sand/)
    const wrong = await devgodzilla([...create, 'Sun', '--supersedes', 'one'])
    expect(wrong.stderr).toContain('supersedes.0: must be a number')
  })

  test('is refused in words, and says what it takes', async () => {
    const missing = await devgodzilla(['task', 'show', 'SWAB-3'])
    expect([missing.exitCode, missing.stderr]).toMatchObject([
      1,
      expect.stringContaining('There is no task SWAB-3. Did you mean'),
    ])
    const number = await devgodzilla(['task', 'update', 'SWAB-1', '--story-points', 'many'])
    expect(number.stderr).toContain('story_points: must be a number')
    const json = await devgodzilla(['task', 'update', 'SWAB-1', '--agent-config', '{'])
    expect(json.stderr).toMatch(/--agent-config must be JSON/)
    const help = (await devgodzilla(['task', 'update', '--help'])).stdout
    expect(help).toContain('id or code')
    expect(help).toMatch(/one of critical, high,\s+medium, low/)
  })

  test('tells what comes next as commands, each of which can be carried out as it stands', async () => {
    const where = { project_id: 'deck', sprint_id: 'DECK-S1' }
    const { id } = (await api.post('/tasks', { ...where, code: 'MOP-1', title: 'Mop it' })).body
    const first = await devgodzilla(['agent', 'init', 'T:MOP-1'])
    const told = nextIn(first.stdout)
    expect(told.map((it) => it.replace(/ws-\w+/, 'ws'))).toEqual([
      `devgodzilla task claim ${id} --session ws`,
      `devgodzilla task status ${id} completed --session ws`,
      'devgodzilla session heartbeat ws',
    ])
    expect(first.stdout).not.toContain('orchestration_')
    for (const line of told) expect(await inShell(line)).toMatchObject({ exitCode: 0, stderr: '' })
    expect((await api.get(`/tasks/${id}`)).body.board_status).toBe('done')
  })

  test('is written so that a shell takes it as it was meant', async () => {
    const given = { session_key: 'ws-1', task_id: 3, title: '…', labels_add: ["it's wet", 'dry'] }
    const config = { sprint_id: null, agent_config: { engine: 'broom' } }
    expect(lineOfTool('orchestration_task_update', { ...given, ...config })).toBe(
      `devgodzilla task update 3 --sprint null --labels-add 'it'\\''s wet' --labels-add dry --agent-config '{"engine":"broom"}' --session ws-1 --title <title>`,
    )
    const answer = { session_key: 'ws-1', text: '…', answers_id: 1 }
    const unfilled = lineOfTool('orchestration_session_note', answer) ?? ''
    expect(unfilled).toBe('devgodzilla session note ws-1 --answers-id 1 --text <text>')
    expect(await inShell(unfilled)).toMatchObject({ stdout: '', failed: true })
    expect(readable(noteInSession, { id: 1, text: '?' })).toBe('id: 1\ntext: ?')
    const next = { project_id: 1, claim: false }
    expect(lineOfTool('orchestration_task_next', next)).toBe(
      'devgodzilla task next --project 1 --no-claim',
    )
    expect(lineOfTool('orchestration_nothing', {})).toBeNull()
    expect(lineOfTool(undefined, {})).toBeNull()
    expect(lineOfRead('GET /documents/3?offset=10')).toBe('devgodzilla document show 3 --offset 10')
    const missing = 'Read it in the repository.'
    expect(lineOfRead(missing)).toBeNull()
    const of = (how_to_read: string) => readable(initAgent, { documents: [{ how_to_read }] })
    expect(of('GET /documents/3?offset=0')).toContain('- how to read: devgodzilla document show 3')
    expect(of(missing)).toContain(`- how to read: ${missing}`)
  })

  test('has words of its own', () => {
    const words = allCommands.flatMap(({ cli }) => cli ?? [])
    expect(new Set(words).size).toBe(words.length)
    const tools = allCommands.flatMap(({ tool }) => tool ?? [])
    expect(new Set(tools).size).toBe(tools.length)
    for (const tool of tools) expect(tool).toMatch(/^orchestration_[a-z_]{1,50}$/)
  })

  test('takes the project of the session where several could be meant, else names them', async () => {
    const other = (await api.post('/projects', { slug: 'hold', name: 'Hold' })).body
    await api.post('/sprints', { project_id: other.id, name: 'Two', code: 'HOLD-S1' })
    const begun = await api.post('/agent/init', { command: 'S:HOLD-S1' })
    const target = { url: api.url, token: api.adminToken }
    expect(await impliedProject(target, begun.body.session_key)).toBe(other.id)
    await expect(impliedProject(target, undefined)).rejects.toThrow('which project: deck, hold.')
    expect([listAdrs, getAdr, updateTask].map(impliesProject)).toEqual([true, false, false])
  })
})
