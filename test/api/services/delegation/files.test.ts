import { describe, expect, test } from 'vitest'
import { checkedApi } from '../../support/checked-api.ts'
import { Repository } from './support/repository.ts'

const api = await checkedApi()
let count = 0

/** A project that keeps files, a sprint with two tasks, and its repository after the first sync. */
async function begun(settings: object = { delegation: 'two_way' }) {
  const n = ++count
  const project = await api.project({ slug: `shop-${n}`, settings })
  const made = await api.post('/sprints/from-template', {
    project_id: project.id,
    code: `checkout-${n}`,
    name: 'Checkout',
    goal: 'Sell something',
    tasks: [
      { code: `PAY-${n}`, title: 'Pay by card', objectives: ['Take money'], story_points: 3 },
      { code: `SHIP-${n}`, title: 'Ship it' },
    ],
  })
  expect(made.status, JSON.stringify(made.body)).toBe(201)
  const { sprint, tasks } = made.body
  const repository = new Repository(api, project)
  const first = await repository.sync()
  const folder = `delegation/sprints/${sprint.code}`
  const [pay, ship] = tasks
  return {
    ...{ project, sprint, pay, ship, repository, first },
    sprintFile: `${folder}/SPRINT.md`,
    taskFile: `${folder}/${pay.code}/TASK.md`,
    agentFile: `${folder}/${pay.code}/AGENT.yml`,
    other: `${folder}/${ship.code}/TASK.md`,
    task: async () => (await api.get(`/tasks/${pay.id}`)).body,
    conflicts: async () => (await api.get(`/conflicts?project_id=${project.id}`)).body.items,
  }
}

const quiet = { writes: [], removes: [], conflicts: [], problems: [] }

test('a sprint made from a template has its files, and syncing again changes nothing', async () => {
  const it = await begun()
  expect([...it.repository.files.keys()].sort()).toEqual(
    [
      ...['.hash', 'SPRINT.md'],
      ...['PAY', 'SHIP'].flatMap((code) =>
        ['.hash', 'AGENT.yml', 'TASK.md'].map((name) => `${code}-${count}/${name}`),
      ),
    ]
      .map((name) => `delegation/sprints/checkout-${count}/${name}`)
      .sort(),
  )
  expect(it.repository.text(it.sprintFile)).toContain(`PAY-${count}: Pay by card (todo, 3 points)`)
  expect(it.repository.text(it.taskFile)).toContain('## Objectives\n\n- Take money\n')
  expect(await it.repository.sync()).toMatchObject({ ...quiet, applied: { fields: 0 } })
  expect((await it.repository.ask('check')).body).toEqual({
    ...{ agrees: true, differences: [], problems: [] },
  })
})

test('an edit of a file comes into the database, a change of the database into the file', async () => {
  const it = await begun()
  it.repository.replace(it.taskFile, '- Take money', '- Take money\n- Give change')
  it.repository.replace(it.agentFile, 'priority: medium', 'priority: P0 # soon')
  it.repository.edit(it.agentFile, (text) => `${text}safety_rails:\n  fs_scope: [src] # no more\n`)
  it.repository.edit(it.taskFile, (text) => `${text}\nMind the cents.\n`)
  await api.patch(`/tasks/${it.pay.id}`, { title: 'Pay by any card', assignee: 'ada' })
  const done = await it.repository.sync()
  expect(done).toMatchObject({ conflicts: [], problems: [], applied: { tasks: 1, fields: 3 } })
  expect(await it.task()).toMatchObject({
    title: 'Pay by any card',
    assignee: 'ada',
    priority: 'critical',
    objectives: ['Take money', 'Give change'],
    agent_config: { safety_rails: { fs_scope: ['src'] } },
  })
  const text = it.repository.text(it.taskFile)
  expect(text).toContain('# Pay by any card\n')
  expect(text).toContain('- **Assignee**: ada\n')
  expect(text).toContain('Mind the cents.')
  const agent = it.repository.text(it.agentFile)
  expect(agent).toContain('priority: critical # soon')
  expect(agent).toContain('fs_scope: [src] # no more')
  expect(await it.repository.sync()).toMatchObject(quiet)
})

test('what both sides changed differently is a conflict until somebody decides', async () => {
  const it = await begun()
  for (const side of ['board', 'other']) {
    it.repository.edit(it.taskFile, (text) => text.replace(/^# .*/, `# By file ${side}`))
    await api.patch(`/tasks/${it.pay.id}`, { title: `By board ${side}` })
    expect((await it.repository.sync()).conflicts).toMatchObject([
      { field: 'title', database: `By board ${side}`, file: `By file ${side}` },
    ])
    expect(it.repository.text(it.taskFile)).toContain(`# By file ${side}\n`)
    expect((await it.repository.sync()).writes).toEqual([])
    const [conflict] = await it.conflicts()
    expect(conflict).toMatchObject({ source: 'file', field: 'title', task_id: it.pay.id })
    const resolved = await api.post(`/conflicts/${conflict.id}/actions/resolve`, { side })
    expect(resolved.status, JSON.stringify(resolved.body)).toBe(200)
    await it.repository.sync()
    const title = side === 'board' ? 'By board board' : 'By file other'
    expect(await it.task()).toMatchObject({ title })
    expect(it.repository.text(it.taskFile)).toContain(`# ${title}\n`)
    expect(await it.conflicts()).toEqual([])
    expect(await it.repository.sync()).toMatchObject(quiet)
  }
})

describe('refused with file, line and column, and the file left alone:', () => {
  test.each([
    [
      'YAML that is broken',
      (text: string) => text.replace('  status: todo', '  status: "todo'),
      /./,
    ],
    ['a title left out', (text: string) => text.replace(/ {2}title: .*\n/, ''), /title/],
    ['a word that is no priority', (text: string) => text.replace('medium', 'soonish'), /priority/],
  ])('%s', async (_, change, message) => {
    const it = await begun()
    it.repository.edit(it.agentFile, change)
    it.repository.replace(it.other, '# Ship it', '# Ship it today')
    const edited = it.repository.text(it.agentFile)
    const done = await it.repository.sync()
    expect(done.problems).toMatchObject([
      { path: it.agentFile, message: expect.stringMatching(message) },
    ])
    expect(done.problems[0].line).toBeGreaterThan(0)
    expect(it.repository.text(it.agentFile)).toBe(edited)
    expect((await api.get(`/tasks/${it.ship.id}`)).body.title).toBe('Ship it today')
  })
})
