import { expect, test } from 'vitest'
import type { Tx } from '../../../api/store/database.ts'
import { nextOfPool } from '../../../api/store/pool.ts'
import { testDatabase } from '../../support/database.ts'

const { sql } = await testDatabase()

test('the next task is found without a look at the claims of all others for each', async () => {
  const [place] = await sql`
    with p as (insert into projects (slug, name) values ('pool', 'Pool') returning id)
    insert into sprints (project_id, code, name) select id, 'POOL-S1', 'S' from p
    returning id, project_id`
  await sql`
    with made as (
      insert into tasks (project_id, sprint_id, code, title, board_status, position)
      select ${place?.project_id}, ${place?.id}, 'POOL-' || n, 'T',
        case when n <= 300 then 'in_progress' else 'todo' end, n
      from generate_series(1, 600) n returning id, board_status
    ), agent as (
      insert into work_sessions (key, project_id, sprint_id, agent, thread, lease_until, expires_at)
      values ('ws-1', ${place?.project_id}, ${place?.id}, 'a', gen_random_uuid(), now(), now())
      returning id
    )
    insert into task_claims (task_id, session_id)
    select made.id, agent.id from made, agent where board_status = 'in_progress'`
  const pool = { sprintIds: [Number(place?.id)], agent: null, labels: [] }
  const [row] = await sql.begin(async (tx) => {
    const id = await nextOfPool(tx as unknown as Tx, pool, [], true)
    return tx`
      select code, (select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
        from pg_stat_xact_user_tables where relname = 'task_claims')::int as claims_read
      from tasks where id = ${id ?? 0}`
  })
  expect(row?.code).toBe('POOL-301')
  expect(row?.claims_read).toBeLessThanOrEqual(300)
})
