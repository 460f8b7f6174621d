import {
  type ProtocolProgress,
  StepRun,
  type StepStatus,
  type StepUsage,
} from '../core/entities/protocol.ts'
import { hasEnded } from '../core/status.ts'
import { columnsOf, type Db, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

const columns = columnsOf(StepRun)

export type NewStep = Pick<
  StepRun,
  | 'project_id'
  | 'protocol_run_id'
  | 'step_index'
  | 'step_name'
  | 'step_type'
  | 'story_points'
  | 'parallel_group'
  | 'qa_required'
  | 'agent'
>

const shape = `project_id bigint, protocol_run_id bigint, step_index integer, step_name text,
  step_type text, story_points integer, parallel_group text, qa_required boolean, agent text`
const names = `project_id, protocol_run_id, step_index, step_name, step_type, story_points,
  parallel_group, qa_required, agent`

export async function insertSteps(tx: Tx, steps: readonly NewStep[]): Promise<StepRun[]> {
  if (steps.length === 0) return []
  return tx<StepRun[]>`
    insert into step_runs (${tx.unsafe(names)})
    select ${tx.unsafe(names)}
    from jsonb_to_recordset(${tx.json(steps as never)}) as s(${tx.unsafe(shape)})
    returning ${tx(columns)}`
}

export async function findStep(db: Db, id: number): Promise<StepRun | undefined> {
  const [row] = await db<StepRun[]>`select ${db(columns)} from step_runs where id = ${id}`
  return row
}

export async function findSteps(db: Db, ids: readonly number[]): Promise<StepRun[]> {
  if (ids.length === 0) return []
  return db<StepRun[]>`
    select ${db(columns)} from step_runs where id = any(${ids as number[]}) order by step_index, id`
}

/** The statuses that the living steps of a run have, each once. */
export async function statusesOfRun(db: Db, runId: number): Promise<StepStatus[]> {
  const rows = await db<{ status: StepStatus }[]>`
    select distinct status from step_runs where protocol_run_id = ${runId} and deleted_at is null`
  return rows.map((row) => row.status)
}

/** How far the steps of each run of a project are; runs without steps are not among them. */
export async function progressOfRuns(db: Db, projectId: number, page: Page) {
  const rows = await db<ProtocolProgress[]>`
    select protocol_run_id, count(*)::int as steps,
      count(*) filter (where status in ('completed', 'skipped'))::int as done,
      count(*) filter (where status = 'running')::int as running,
      count(*) filter (where status in ('failed', 'timeout', 'blocked'))::int as stuck,
      sum(tokens)::float8 as tokens, sum(cost_usd)::float8 as cost_usd,
      coalesce(array_agg(distinct agent) filter (where agent is not null), '{}') as agents
    from step_runs
    where project_id = ${projectId} and protocol_run_id > ${after(page)}
      and deleted_at is null and status <> 'cancelled'
    group by protocol_run_id order by protocol_run_id limit ${page.limit + 1}`
  return pageOf(rows, page, (row) => row.protocol_run_id)
}

/** The living steps that wait for a step. */
export async function dependantsOf(db: Db, { id, protocol_run_id }: StepRun): Promise<StepRun[]> {
  return db<StepRun[]>`
    select ${db(columns)} from step_runs
    where protocol_run_id = ${protocol_run_id} and deleted_at is null and ${id}::bigint = any(depends_on)
    order by step_index, id`
}

/** All steps of a run that is locked, in order; deleted ones only when asked for. */
export async function stepsOfRun(db: Db, runId: number, deleted = false): Promise<StepRun[]> {
  return db<StepRun[]>`
    select ${db(columns)} from step_runs
    where protocol_run_id = ${runId} ${deleted ? db`` : db`and deleted_at is null`}
    order by step_index, id`
}

export async function listSteps(db: Db, runId: number, page: Page) {
  const rows = await db<StepRun[]>`
    select ${db(columns)} from step_runs
    where protocol_run_id = ${runId} and deleted_at is null and step_index > ${after(page)}::bigint
    order by step_index limit ${page.limit + 1}`
  return pageOf(rows, page, (row) => row.step_index)
}

/** Writes rows of a locked run back, any number in one statement, and answers them. */
export async function saveSteps(tx: Tx, steps: readonly StepRun[]): Promise<StepRun[]> {
  if (steps.length === 0) return []
  return tx<StepRun[]>`
    update step_runs s set step_index = u.step_index, step_name = u.step_name,
      step_type = u.step_type, story_points = u.story_points, parallel_group = u.parallel_group,
      qa_required = u.qa_required, agent = u.agent, tokens = u.tokens,
      usage = u.usage, cost_usd = u.cost_usd, depends_on = u.depends_on,
      linked_task_id = u.linked_task_id, deleted_at = u.deleted_at, updated_at = now()
    from jsonb_to_recordset(${tx.json(steps as never)}) as u(id bigint, ${tx.unsafe(shape)},
      tokens bigint, usage jsonb, cost_usd double precision, depends_on bigint[], linked_task_id bigint, deleted_at timestamptz)
    where s.id = u.id
    returning ${tx.unsafe(columns.map((column) => `s.${column}`).join(', '))}`
}

/**
 * Steps of a locked run as they enter a status: versions grow, times follow, and what an attempt
 * spent comes to what those before it did.
 */
export async function moveSteps(
  tx: Tx,
  ids: readonly number[],
  to: StepStatus,
  said: {
    reason: string | null
    agent: string | null
    tokens: number | null
    usage: StepUsage | null
    cost_usd: number | null
    job_id: string | null
  },
): Promise<StepRun[]> {
  const again = to === 'pending'
  const job = again ? null : to === 'running' ? said.job_id : tx`flow_job_id`
  const started = again ? null : to === 'running' ? tx`now()` : tx`started_at`
  return tx<StepRun[]>`
    update step_runs set status = ${to}, status_reason = ${said.reason}, version = version + 1,
      attempt = attempt + ${again ? 1 : 0},
      agent = coalesce(${said.agent}::text, agent),
      spent_before = ${
        again
          ? tx`jsonb_build_object('tokens', tokens, 'usage', usage, 'cost_usd', cost_usd)`
          : tx`spent_before`
      },
      tokens = coalesce(
        ${said.tokens}::bigint + coalesce((spent_before->>'tokens')::bigint, 0), tokens),
      usage = coalesce(
        (select jsonb_object_agg(kind, now.spent::bigint + coalesce(before.spent::bigint, 0))
          from jsonb_each_text(${said.usage && tx.json(said.usage)}::jsonb) as now(kind, spent)
          left join jsonb_each_text(nullif(spent_before->'usage', 'null'))
            as before(kind, spent) using (kind)),
        usage),
      cost_usd = coalesce(
        ${said.cost_usd}::double precision + coalesce((spent_before->>'cost_usd')::numeric, 0),
        cost_usd),
      flow_job_id = ${job},
      started_at = ${started},
      completed_at = ${hasEnded(to) ? tx`greatest(now(), started_at)` : null},
      updated_at = now()
    where id = any(${ids as number[]}) returning ${tx(columns)}`
}
