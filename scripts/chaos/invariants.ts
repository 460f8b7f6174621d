import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import type { StepStatus } from '../../api/core/entities/protocol.ts'
import { catalogue } from '../../api/core/events/catalogue.ts'
import { cardOf } from '../../api/core/status.ts'

/** A small pool for asking a database questions; the caller ends it. */
export const askDatabase = (url: string): postgres.Sql =>
  postgres(url, {
    max: 2,
    onnotice: () => {},
    types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
  })

/**
 * What must hold of a database once nothing moves any longer, asked in plain SQL that shares no
 * code with the product's own. One sentence per broken promise; empty when all is well.
 */
export async function brokenPromises(sql: postgres.Sql): Promise<string[]> {
  const problems: string[] = []
  const none = (what: string, rows: readonly object[]) => {
    if (rows.length > 0) problems.push(`${rows.length} × ${what}: ${JSON.stringify(rows[0])}`)
  }
  none(
    'step of a run with a sprint that has no task',
    await sql`
      select s.id, s.protocol_run_id, s.step_name from step_runs s
      join protocol_runs r on r.id = s.protocol_run_id
      where r.linked_sprint_id is not null and s.deleted_at is null and s.linked_task_id is null`,
  )
  none(
    'orphan task',
    await sql`
      select id, code from tasks
      where sprint_id is null and protocol_run_id is null and spec_id is null
        and board_status not in ('backlog', 'archived')`,
  )
  none(
    'link whose two sides differ',
    await sql`
      select s.id as step, s.linked_task_id, t.id as task, t.step_run_id
      from step_runs s full join tasks t on t.step_run_id = s.id
      where s.linked_task_id is distinct from t.id
        and (t.step_run_id is not null or s.linked_task_id is not null)`,
  )
  none(
    'sprint of more than one run',
    await sql`
      select linked_sprint_id from protocol_runs where linked_sprint_id is not null
      group by linked_sprint_id having count(*) > 1`,
  )
  none(
    'parked or waiting delivery',
    await sql`select event_id, handler, order_key, attempts, error from event_deliveries`,
  )
  none(
    'engine job that has not ended',
    await sql`select id, path, attempt from windmill.jobs where completed_at is null`,
  )
  none(
    'engine step that has not ended in a job that has',
    await sql`
      select s.job_id, s.path, s.state from windmill.steps s join windmill.jobs j on j.id = s.job_id
      where j.completed_at is not null and s.state <> 'done'`,
  )
  none('sprint whose velocity differs from a fresh count', await wrongVelocities(sql))
  none('card that does not follow its step', await strayCards(sql))
  none('event that its schema refuses', await strangeEvents(sql))
  none('break in the history of a task', await brokenHistories(sql))
  return problems
}

/** Waits until handlers and jobs are through, for at most `patience` ms. */
export async function settled(sql: postgres.Sql, patience = 10_000): Promise<void> {
  const deadline = Date.now() + patience
  for (;;) {
    const [left] = await sql<{ open: number }[]>`
      select (select count(*) from event_deliveries where parked_at is null)
        + (select count(*) from windmill.jobs where completed_at is null) as open`
    if (left?.open === 0 || Date.now() > deadline) return
    await sleep(25)
  }
}

/** Points done in the sprint, not before its start, skipped and archived ones left out. */
const wrongVelocities = (sql: postgres.Sql) => sql`
  select s.id, s.code, s.velocity_actual, coalesce(sum(t.story_points), 0)::int as counted
  from sprints s left join tasks t on t.sprint_id = s.id and t.board_status = 'done'
    and not t.skipped and (s.started_at is null or t.completed_at >= s.started_at)
  group by s.id having s.velocity_actual <> coalesce(sum(t.story_points), 0)`

/** Cards still in the open sprint of their run, without a recorded disagreement. */
async function strayCards(sql: postgres.Sql): Promise<object[]> {
  const rows = await sql<
    {
      step: number
      status: StepStatus
      status_reason: string | null
      deleted_at: string | null
      board_status: string
      skipped: boolean
    }[]
  >`
    select s.id as step, s.status, s.status_reason, s.deleted_at, t.board_status, t.skipped
    from step_runs s join tasks t on t.id = s.linked_task_id
    join protocol_runs r on r.id = s.protocol_run_id
    join sprints p on p.id = r.linked_sprint_id
    where p.status in ('planning', 'active') and t.sprint_id = p.id
      and not exists (select 1 from sync_conflicts c where c.task_id = t.id)`
  return rows.filter((row) => {
    const card = cardOf(row)
    return card.board_status !== row.board_status || card.skipped !== row.skipped
  })
}

async function strangeEvents(sql: postgres.Sql): Promise<object[]> {
  const strange: object[] = []
  for await (const rows of sql`select id, type, payload from events order by id`.cursor(1000)) {
    for (const { id, type, payload } of rows) {
      const schema = catalogue[type as keyof typeof catalogue]
      const parsed = schema?.safeParse(payload)
      if (!parsed?.success) strange.push({ id, type, why: parsed?.error.issues ?? 'unknown type' })
    }
  }
  return strange
}

/** Every status a task has had follows from the one before, from its creation to where it stands. */
const brokenHistories = (sql: postgres.Sql) => sql`
  with told as (
    select entity_id as task, id, type,
      payload->>(case type when 'task.created' then 'board_status' else 'to' end) as status,
      payload->>'from' as before,
      row_number() over newest as from_the_end,
      lag(payload->>(case type when 'task.created' then 'board_status' else 'to' end))
        over oldest as previous
    from events where type in ('task.created', 'task.status_changed')
    window oldest as (partition by entity_id order by xid, id),
      newest as (partition by entity_id order by xid desc, id desc)
  )
  select told.*, t.board_status from told left join tasks t on t.id = told.task
  where told.before is distinct from told.previous
    or (told.from_the_end = 1 and told.status is distinct from t.board_status)`
