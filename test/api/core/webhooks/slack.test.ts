import { expect, test } from 'vitest'
import type { StoredEvent } from '../../../../api/core/entities/event.ts'
import type { Payload } from '../../../../api/core/events/catalogue.ts'
import type { EventNames } from '../../../../api/core/events/sentence.ts'
import { slackMessage } from '../../../../api/core/webhooks/slack.ts'

const names: EventNames = {
  project: 'Trail',
  sprint: 'TRAIL-S1 First',
  protocol_run: 'Build it',
  task: 'TRAIL-7 Draw the map',
}
const nobody: EventNames = { project: null, sprint: null, protocol_run: null, task: null }
const event = (type: string, payload: object, fields: Partial<StoredEvent> = {}): StoredEvent => ({
  id: 1,
  cursor: '1-1',
  type,
  level: 'info',
  entity_type: type.split('.')[0] ?? '',
  entity_id: 7,
  project_id: 1,
  sprint_id: 1,
  protocol_run_id: 1,
  correlation_id: 'c',
  causation_id: null,
  session_key: null,
  agent: null,
  actor: 'ada',
  payload: { ...payload },
  emitted_at: '2026-05-04T10:00:00.000Z',
  ...fields,
})
const step = (fields: object) => ({
  step_name: 'Write tests',
  from: 'running',
  to: 'failed',
  reason: null,
  attempt: 1,
  version: 3,
  linked_task_id: 7,
  tokens: null,
  usage: null,
  cost_usd: null,
  at: '2026-05-04T10:00:00.000Z',
  ...fields,
})
const moved = { from: 'in_progress', to: 'done', story_points: 3, skipped: false, source: 'hand' }

test.each<[string, object, string]>([
  [
    'sprint.created',
    { code: 'S', name: 'N', protocol_run_id: null },
    'Sprint *TRAIL-S1 First* was made',
  ],
  [
    'task.status_changed',
    { ...moved, reason: null },
    '*TRAIL-7 Draw the map* in *TRAIL-S1 First* went from in progress to done',
  ],
  [
    'task.status_changed',
    { ...moved, to: 'blocked', reason: 'no <key>' },
    '*TRAIL-7 Draw the map* in *TRAIL-S1 First* went from in progress to blocked: no &lt;key&gt;',
  ],
  [
    'step.failed',
    step({ reason: 'a test fails' }),
    'Step *Write tests* of *Build it* failed: a test fails',
  ],
  ['step.completed', step({}), 'Step *Write tests* of *Build it* is completed'],
  [
    'protocol.status_changed',
    { from: 'running', to: 'needs_qa' },
    'Run *Build it* went from running to needs qa',
  ],
  [
    'conflict.recorded',
    { conflict_id: 1, field: 'board_status', source: 'protocol', board: 'done', other: 'failed' },
    '*TRAIL-7 Draw the map*: board status differs between board and protocol',
  ],
  [
    'alert.raised',
    { rule: 'slow', subject: 'GET /x', detail: 'took 3 s', value: 3, limit: 2 },
    'Alert *slow*: took 3 s',
  ],
  [
    'sprint.velocity_updated',
    { velocity_actual: 3, total_points: 36, completed_points: 3, completion_rate: 3 / 36 },
    'Sprint *TRAIL-S1 First*: 3 of 36 points done',
  ],
  [
    'task.updated',
    { changes: { story_points: { from: 1, to: 2 }, hand_set: { from: [], to: [] } } },
    '*TRAIL-7 Draw the map*: story points changed',
  ],
  [
    'session.noted',
    { key: 'ws-1', note_id: 1, kind: 'decision' },
    'A decision was noted in the session',
  ],
  [
    'webhook.parked',
    { messages: 3, first_message_id: 1, error: 'answered 500' },
    '3 webhook messages were given up: answered 500',
  ],
])('%s reads as a line', (type, payload, line) => {
  expect(slackMessage(event(type, payload), names).text).toBe(line)
})

test('a completed sprint tells what it reached', () => {
  const report: Payload<'sprint.completed'> = {
    committed_points: 20,
    scope_change_points: 1,
    predictability: 0.65,
    completed_points: 13,
    completed_initial_points: 12,
    say_do: 0.6,
    carried_over_points: 8,
    carried_over: [{ task_id: 1, code: 'T-1', title: 'T', to: 'backlog' }],
    unestimated_tasks: 0,
  }
  const { text } = slackMessage(event('sprint.completed', report), names)
  expect(text).toBe(
    'Sprint *TRAIL-S1 First* is completed: 13 points done, 20 committed, say/do 60 %, 1 carried over (8 points)',
  )
})

test('a type without a line of its own, or with a payload of another time, is named', () => {
  for (const [type, payload] of [
    ['token.created', { name: 'x', role: 'viewer' }],
    ['sprint.completed', { points: 'many' }],
    ['thing.of_the_future', {}],
    ['constructor', {}],
  ] as const) {
    const { text } = slackMessage(event(type, payload, { entity_type: 'some_thing' }), nobody)
    expect(text).toBe(`*${type}* · some thing 7`)
  }
})

test('what is gone by now is named by its number', () => {
  const { text } = slackMessage(event('task.status_changed', { ...moved, reason: null }), nobody)
  expect(text).toBe('*task 7* went from in progress to done')
})

test('no text of others means anything to Slack', () => {
  const hostile = '<!channel> <https://evil.test|here> & *bold*\n> quoted'
  const all: EventNames = {
    project: hostile,
    sprint: hostile,
    protocol_run: hostile,
    task: hostile,
  }
  const told = slackMessage(
    event('task.status_changed', { ...moved, reason: hostile }, { actor: hostile }),
    all,
  )
  const texts = JSON.stringify(told)
  expect(texts).not.toContain('<!channel')
  expect(texts).not.toContain('<https')
  expect(texts).not.toMatch(/&(?!amp;|lt;|gt;)/)
  expect(told.text.split('\n')).toHaveLength(1)
  // One date, which Slack shows in the time zone of whoever reads.
  expect(texts.match(/<[^>]*>/g)).toEqual([
    '<!date^1777888800^{date_short_pretty} {time}|2026-05-04T10:00:00.000Z>',
  ])
  expect(told.blocks).toMatchObject([
    { type: 'section', text: { type: 'mrkdwn', verbatim: true, text: told.text } },
    { type: 'context' },
  ])
})

test('a text of any length fits into a block', () => {
  const long = '😀&'.repeat(10_000)
  const all: EventNames = { project: long, sprint: long, protocol_run: long, task: long }
  const told = slackMessage(
    event('task.created', {
      code: 'T',
      title: long,
      board_status: 'todo',
      story_points: 1,
      source: 'hand',
    }),
    all,
  )
  expect(told.text.length).toBeLessThan(3000)
  expect(told.text.isWellFormed()).toBe(true)
  expect(told.text).not.toMatch(/&(?!amp;)/)
})
