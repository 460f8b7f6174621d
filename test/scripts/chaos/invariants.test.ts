import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askDatabase, brokenPromises, settled } from '../../../scripts/chaos/invariants.ts'
import { testApi } from '../../support/api.ts'

const api = await testApi()
const sql = askDatabase(api.database.url)
afterAll(() => sql.end())

/** A small world with everything in it that promises are made about. */
beforeAll(async () => {
  const project = (await api.post('/projects', { slug: 'demo', name: 'Demo' })).body
  const run = (
    await api.post('/protocols', {
      project_id: project.id,
      protocol_name: 'Build',
      steps: [{ step_name: 'one' }, { step_name: 'two' }],
    })
  ).body
  await api.post(`/protocols/${run.id}/actions/create-sprint`)
  await api.post(`/steps/${run.steps[0].id}/actions/start`)
  await api.post(`/steps/${run.steps[0].id}/actions/complete`)
  await settled(sql)
})

it('finds nothing wrong where nothing is', async () => {
  expect(await brokenPromises(sql)).toEqual([])
})

/** Each is done to the database behind the product's back, and undone again. */
const damages: [what: string, damage: string, promise: RegExp][] = [
  ['a step without its task', 'update step_runs set linked_task_id = null', /has no task/],
  ['a task without its step', 'update tasks set step_run_id = null', /two sides differ/],
  [
    'an orphan',
    `insert into tasks (project_id, code, title, board_status)
     select id, 'X-1', 'Lost', 'todo' from projects`,
    /orphan task/,
  ],
  ['a wrong velocity', 'update sprints set velocity_actual = 99', /velocity differs/],
  [
    'a card that stays behind',
    `update tasks set board_status = 'todo', completed_at = null`,
    /does not follow its step/,
  ],
  [
    'an event of no known shape',
    `insert into events (type, entity_type, entity_id, correlation_id, actor, payload)
     values ('task.estimated', 'task', 1, 'c', 'a', '{"from": "many"}')`,
    /its schema refuses/,
  ],
  [
    'an event of no known type',
    `insert into events (type, entity_type, entity_id, correlation_id, actor, payload)
     values ('task.dreamt', 'task', 1, 'c', 'a', '{}')`,
    /its schema refuses/,
  ],
  [
    'a move that was told twice',
    `insert into events (type, entity_type, entity_id, correlation_id, actor, payload)
     select type, entity_type, entity_id, correlation_id, actor, payload from events
     where type = 'task.status_changed' order by id limit 1`,
    /break in the history/,
  ],
  [
    'a move that was never told',
    `update tasks set board_status = 'review' where board_status = 'todo'`,
    /break in the history/,
  ],
  [
    'a parked delivery',
    `insert into event_deliveries (event_id, handler, order_key, parked_at)
     select min(id), 'step_to_task', 'step_to_task:1', now() from events`,
    /parked or waiting/,
  ],
  [
    'a job that never ended',
    `insert into windmill.jobs (id, workspace, kind, path, args, created_by)
     values (gen_random_uuid(), 'w', 'flow', 'f/a', '{}', 'x')`,
    /has not ended/,
  ],
]

describe('finds', () => {
  it.each(damages)('%s', async (_, damage, promise) => {
    const undone = new Error('undone')
    let found: string[] = []
    await sql
      .begin(async (tx) => {
        // The product's own guards would refuse all of this.
        await tx`set local session_replication_role = replica`
        await tx`alter table tasks drop constraint no_orphan_task`
        await tx.unsafe(damage)
        found = await brokenPromises(tx as unknown as typeof sql)
        throw undone
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error
      })
    expect(found).toContainEqual(expect.stringMatching(promise))
  })
})
