import { expect, test } from 'vitest'
import { lockEdited } from '../../../api/services/delegation/settle-edits.ts'
import type { Work } from '../../../api/services/runtime.ts'
import { connect } from '../../../api/store/database.ts'
import { transaction } from '../../../api/store/transaction.ts'
import { eventually, type Json } from '../../support/api.ts'
import { agentsAt, checkedApi } from '../support/checked-api.ts'

// What is locked, and in which order (api/services/lock.ts): seen by somebody who has locked a part.
const api = await checkedApi()
const { sql } = api.database
const { begin, in: inSession } = agentsAt(api)
const project = await api.project()
const sprintOf = () => api.sprint(project.id)
const taskIn = (sprint: Json, fields = {}) =>
  api.task(project.id, { sprint_id: sprint.id, ...fields })
const act = (sprint: Json, action: string, body = {}) =>
  api.post(`/sprints/${sprint.id}/actions/${action}`, body)

/** Another transaction: while it has locked something, others come and wait for that. */
async function meanwhile<T>(work: (other: Other) => Promise<T>): Promise<T> {
  const tx = await sql.reserve()
  try {
    // What handlers lock in passing is none of this.
    await api.settled()
    await tx`begin`
    const [self] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
    const waiting = () =>
      sql`select from pg_stat_activity where ${self?.pid ?? 0} = any(pg_blocking_pids(pid))`
    const lock = (table: string, id: number) =>
      tx`select from ${sql(table)} where id = ${id} for update nowait`
    const answer = await work({
      keep: (sprint) => tx`select from sprints where id = ${sprint.id} for key share`,
      lock,
      run: (statement) => tx.unsafe(statement),
      async isWaitedFor() {
        expect(await eventually(waiting, (rows) => rows.length > 0)).not.toHaveLength(0)
      },
    })
    await tx`commit`
    return answer
  } finally {
    await tx`rollback`
    tx.release()
  }
}
interface Other {
  keep(sprint: Json): Promise<unknown>
  /** @throws where anybody else has locked it */
  lock(table: 'tasks' | 'sprints', id: number): Promise<unknown>
  run(statement: string): Promise<unknown>
  isWaitedFor(): Promise<void>
}

test('velocity is counted while agents claim and change tasks, and they keep the sprint all the same', async () => {
  const sprint = await sprintOf()
  await act(sprint, 'start')
  const task = await taskIn(sprint, { story_points: 3 })
  const velocity = async () => (await api.get(`/sprints/${sprint.id}`)).body.velocity_actual
  const ended = await meanwhile(async (other) => {
    await other.keep(sprint)
    await api.patch(`/tasks/${task.id}`, { board_status: 'done' })
    expect(await eventually(velocity, (points) => points === 3)).toBe(3)
    // The row has another version by now; it is kept as well.
    const completed = act(sprint, 'complete')
    await other.isWaitedFor()
    expect((await api.get(`/sprints/${sprint.id}`)).body.status).toBe('active')
    return { completed }
  })
  expect((await ended.completed).body.sprint).toMatchObject({ status: 'completed' })
})

test('whoever changes or claims a task of a sprint that is being ended waits, and is refused', async () => {
  const sprint = await sprintOf()
  const task = await taskIn(sprint)
  const session = await begin('agent-1', `S:${sprint.code}`)
  const [changed, claimed] = await meanwhile(async (other) => {
    await other.lock('sprints', sprint.id)
    await other.run(`update sprints set status = 'archived' where id = ${sprint.id}`)
    const changed = api.patch(`/tasks/${task.id}`, { title: 'Late' })
    await other.isWaitedFor()
    const next = { sprint_id: sprint.id, claim: true }
    return [changed, api.post('/tasks/actions/next', next, inSession(session))] as const
  })
  expect(await changed).toMatchObject({ status: 409, body: { rule: 'closed_sprint_is_read_only' } })
  expect((await claimed).body.task).toBeNull()
})

test('a sprint and the one that takes what is left are locked by id, whichever is ended', async () => {
  const [first, second] = [await sprintOf(), await sprintOf()]
  await act(second, 'start')
  const ended = await meanwhile(async (other) => {
    await other.lock('sprints', first.id)
    const completed = act(second, 'complete', { carry_over_to: first.code })
    await other.isWaitedFor()
    await other.lock('sprints', second.id)
    return { completed }
  })
  expect((await ended.completed).status).toBe(200)
})

test('tasks that make room for another one are locked by id together with it', async () => {
  const sprint = await sprintOf()
  const [one, two, three] = [await taskIn(sprint), await taskIn(sprint), await taskIn(sprint)]
  await sql`update tasks set position = id - ${one.id} + 1 where sprint_id = ${sprint.id}`
  const placing = await meanwhile(async (other) => {
    await other.lock('tasks', two.id)
    const asked = { task_ids: [three.id], before_task_id: two.id }
    const placed = api.post('/tasks/actions/place', asked)
    await other.isWaitedFor()
    await other.lock('tasks', three.id)
    return { placed }
  })
  expect((await placing.placed).status).toBe(200)
  const tasks: Json[] = (await api.get(`/sprints/${sprint.id}/tasks`)).body.items
  const ordered = tasks.sort((a, b) => a.position - b.position)
  expect(ordered.map((it) => it.id)).toEqual([one.id, three.id, two.id])
})

test('an import holds the sprints of all tasks of its spec before it locks one', async () => {
  const [first, second] = [await sprintOf(), await sprintOf()]
  const spec_path = 'specs/001-locks'
  const body = { spec_path, content: '- [ ] T001 One\n- [ ] T002 Two\n' }
  await act(first, 'import-tasks', body)
  const [one, two] = (await api.get(`/sprints/${first.id}/tasks`)).body.items
  await api.patch(`/tasks/${two.id}`, { sprint_id: second.id })
  const importing = await meanwhile(async (other) => {
    await other.lock('sprints', second.id)
    const imported = act(first, 'import-tasks', { ...body, content: '- [ ] T001 First\n' })
    await other.isWaitedFor()
    await other.lock('tasks', one.id)
    return { imported }
  })
  expect((await importing.imported).status).toBe(200)
})

test('a sync holds the sprints of all cards of its run before it locks one', async () => {
  const { run, card, sprint } = await api.linkedRun(project.id, [
    { step_name: 'a' },
    { step_name: 'b' },
  ])
  const elsewhere = await sprintOf()
  const [one, two] = [await card('a'), await card('b')]
  await sql`update tasks set sprint_id = ${elsewhere.id} where id = ${two.id}`
  expect(elsewhere.id).toBeGreaterThan(sprint.id)
  const syncing = await meanwhile(async (other) => {
    await other.lock('sprints', elsewhere.id)
    const synced = api.post(`/protocols/${run.id}/actions/sync-to-sprint`)
    await other.isWaitedFor()
    await other.lock('tasks', one.id)
    return { synced }
  })
  expect((await syncing.synced).status).toBe(200)
})

test('whoever asks for a task locks the runs of lapsed claims before the sprint', async () => {
  const { run, sprint } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  const ask = { sprint_id: sprint.id, claim: true }
  const gone = await begin('agent-1', `S:${sprint.code}`)
  expect((await api.post('/tasks/actions/next', ask, inSession(gone))).body.task).not.toBeNull()
  const session = await begin('agent-2', `S:${sprint.code}`)
  await sql`update protocol_runs set execution = 'running', flow_job_id = ${crypto.randomUUID()} where id = ${run.id}`
  await sql`update work_sessions set lease_until = now() - interval '1 s' where key = ${gone.key}`
  const asking = await meanwhile(async (other) => {
    await other.run(`select from protocol_runs where id = ${run.id} for no key update`)
    const answered = api.post('/tasks/actions/next', ask, inSession(session))
    await other.isWaitedFor()
    await other.lock('sprints', sprint.id)
    return { answered }
  })
  expect((await asking.answered).status).toBe(200)
})

test('a sprint whose own file was edited is locked at once for that change', async () => {
  const sprint = await sprintOf()
  const db = connect(api.database.url, { max: 1 })
  const states = [{ entity: { type: 'sprint', id: sprint.id, row: { id: sprint.id } } }]
  try {
    await transaction(db, async (tx) => {
      expect(await lockEdited({ tx } as Work, states as never)).toBe(true)
      const kept = sql`select from sprints where id = ${sprint.id} for key share nowait`
      await expect(kept).rejects.toMatchObject({ code: '55P03' })
    })
  } finally {
    await db.end()
  }
})
