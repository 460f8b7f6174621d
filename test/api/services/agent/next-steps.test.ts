import { afterAll, expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { overMcp } from '../../../support/surfaces.ts'
import { agentsAt, checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const { begin, in: inSession, tokenFor } = agentsAt(api)
const project = await api.project()
const sprint = await api.sprint(project.id)
const inSprint = (fields = {}) => api.task(project.id, { sprint_id: sprint.id, ...fields })
const another = await begin('tester', `S:${sprint.code}`)
const mcp = await overMcp({ url: api.url, token: await tokenFor('coder') })
afterAll(() => mcp.close())

const claim = async (task: Json, session = another) => {
  const { status } = await api.post(`/tasks/${task.id}/actions/claim`, {}, inSession(session))
  expect(status).toBe(200)
  return task
}
const dependsOn = (task: Json, ...others: Json[]) =>
  Promise.all(
    others.map(({ id }) => api.post(`/tasks/${task.id}/dependencies`, { depends_on_id: id })),
  )
const waitingFor = async (...others: Json[]) => {
  const task = await inSprint()
  await dependsOn(task, ...others)
  return task
}
const archived = async () => {
  const task = await inSprint()
  expect((await api.delete(`/tasks/${task.id}`)).status).toBe(200)
  return task
}
const endedSprint = async (status: string) => {
  const ended = await api.sprint(project.id)
  const task = await api.task(project.id, { sprint_id: ended.id })
  const done = await api.task(project.id, { sprint_id: ended.id, board_status: 'done' })
  await api.database.sql`update sprints set status = ${status} where id = ${ended.id}`
  return { ended, task, done }
}
const documented = async (length: number) => {
  const path = `docs/${length}.md`
  await api.put(`/projects/${project.id}/documents`, {
    documents: [{ path, text: '😀 word '.repeat(length) }],
  })
  return inSprint({ agent_config: { context: { reference_docs: [path] } } })
}
/** The card of a step whose run was led to some state. */
const cardOf = async (lead: (run: Json, step: Json) => Promise<unknown>) => {
  const linked = await api.linkedRun(project.id, [{ step_name: 'a' }, { step_name: 'b' }])
  await lead(linked.run, linked.step('a'))
  await api.settled()
  return linked.card('a')
}
const resumed = async (task: Json | null, note?: Json) => {
  const session = await begin('coder', task ? `T:${task.code}` : `S:${sprint.code}`)
  if (task) await claim(task, session)
  if (note) await api.post(`/sessions/${session.key}/notes`, note, inSession(session))
  return `SESSION:${session.key}`
}
const of = async (task: Json | Promise<Json>) => `T:${(await task).code}`

const [claims, next, finish] = ['task_claim', 'task_next', 'task_status_update']
const begun = [claims, finish]

/** What an agent is told to begin with, and the tools that it is told to call. */
const situations: [what: string, command: () => Promise<string>, tools: (string | undefined)[]][] =
  [
    ['a sprint', async () => `S:${sprint.code}`, [next]],
    [
      'a sprint that is completed',
      async () => `S:${(await endedSprint('completed')).ended.code}`,
      [next],
    ],
    ['a task of one that failed', async () => of((await endedSprint('failed')).task), [next]],
    [
      'what is done in one that is completed',
      async () => of((await endedSprint('completed')).done),
      [next],
    ],
    ...['todo', 'review', 'blocked'].map((board_status): (typeof situations)[number] => [
      `a free task in ${board_status}`,
      () => of(inSprint({ board_status })),
      begun,
    ]),
    ['one that is done', () => of(inSprint({ board_status: 'done' })), [next]],
    ['one that is archived', () => of(archived()), [next]],
    ['one that is mine', () => of(inSprint({ assignee: 'coder' })), begun],
    ['one that is assigned to another', () => of(inSprint({ assignee: 'anna' })), [next]],
    ['one that another has claimed', async () => of(claim(await inSprint())), [next]],
    ['one that waits for a free one', async () => of(waitingFor(await inSprint())), [claims]],
    [
      'for one of another and a free one',
      async () => of(waitingFor(await claim(await inSprint()), await inSprint())),
      [claims],
    ],
    ['for one of another', async () => of(waitingFor(await claim(await inSprint()))), [next]],
    [
      'for an assigned one',
      async () => of(waitingFor(await inSprint({ assignee: 'anna' }))),
      [next],
    ],
    ['for mine', async () => of(waitingFor(await inSprint({ assignee: 'coder' }))), [claims]],
    [
      'for one that waits for another’s',
      async () => of(waitingFor(await waitingFor(await claim(await inSprint())))),
      [next],
    ],
    ['for one in nothing', async () => of(waitingFor(await api.task(project.id))), [next]],
    [
      'for one in a sprint that failed',
      async () => of(waitingFor((await endedSprint('failed')).task)),
      [next],
    ],
    [
      'for one that is done',
      async () => of(waitingFor(await inSprint({ board_status: 'done' }))),
      begun,
    ],
    [
      'one of the backlog, in nothing',
      () => of(api.task(project.id)),
      ['sprint_list', 'task_update', ...begun],
    ],
    ['a card', () => of(cardOf(async () => {})), begun],
    ...['start', 'submit-qa', 'fail', 'block'].map((action): (typeof situations)[number] => [
      `a card after ${action}`,
      () =>
        of(
          cardOf(async (_, step) => {
            if (action !== 'start') await api.act(step, 'start')
            await api.act(step, action, action === 'block' ? { reason: 'no key' } : {})
          }),
        ),
      begun,
    ]),
    [
      'a card of a run that is paused',
      () => of(cardOf((run) => api.post(`/protocols/${run.id}/actions/pause`))),
      begun,
    ],
    [
      'a card of a run that was cancelled',
      () => of(cardOf((run) => api.post(`/protocols/${run.id}/actions/cancel`))),
      [next],
    ],
    ['a document that is cut', () => of(documented(100)), ['document_get', ...begun]],
    ['a session of a task', async () => resumed(await inSprint()), [finish]],
    ['a session of a sprint', () => resumed(null), [next]],
    [
      'a session that asked something',
      async () => resumed(await inSprint(), { kind: 'question', text: 'Which?' }),
      ['session_note', finish],
    ],
    [
      'a session whose task another has by now',
      async () => {
        const task = await inSprint()
        const session = await begin('coder', `T:${task.code}`)
        await claim(task)
        return `SESSION:${session.key}`
      },
      [next],
    ],
    [
      'a session that holds another task than its own',
      async () => {
        const session = await begin('coder', `S:${sprint.code}`)
        await claim(await inSprint(), session)
        return `SESSION:${session.key}`
      },
      ['task_show', next],
    ],
    [
      'a session that was handed over',
      async () => {
        const task = await inSprint()
        const session = await begin('tester', `T:${task.code}`)
        await claim(task, session)
        await api.post(
          `/sessions/${session.key}/handoff`,
          { to_agent: 'coder' },
          inSession(session),
        )
        return `SESSION:${session.key}`
      },
      [finish],
    ],
  ]

const filledIn: Record<string, unknown> = { text: 'As before.', sprint_id: sprint.id }

test.each(situations)(
  'nothing an agent is told to do next is refused: %s',
  async (_, prepare, tools) => {
    const command = await prepare()
    const init = await mcp.call('orchestration_agent_init', {
      ...{ command, agent: 'coder', budget_tokens: 20 },
    })
    const steps: Json[] = init.next_steps
    expect(steps.map((it) => it.tool.replace('orchestration_', ''))).toEqual([
      ...tools,
      'session_heartbeat',
    ])
    for (const { tool, arguments: given } of steps) {
      const open = Object.keys(given).filter((name) => given[name] === '…')
      const filled = Object.fromEntries(open.map((name) => [name, filledIn[name]]))
      const answer = await mcp.call(tool, { ...given, ...filled })
      // Where its own sprint takes no more, others do.
      if (tool.endsWith('task_next') && given.sprint_id) {
        const { body } = await api.get(`/sprints/${given.sprint_id}`)
        expect(['planning', 'active']).toContain(body.status)
      }
      if (tool !== 'orchestration_document_get') continue
      const { text, ...cut } = init.context.documents[0]
      expect(cut.state).toBe('cut')
      expect(text + answer.text).toBe('😀 word '.repeat(100))
    }
  },
)

test('who begins with a sprint that is over is told so', async () => {
  const { ended } = await endedSprint('completed')
  const { body } = await api.post('/agent/init', { command: `S:${ended.code}` })
  expect(body.next_steps[0].why).toBe(
    `${ended.code} is completed. Takes the next task that is ready. No other agent gets it.`,
  )
})
