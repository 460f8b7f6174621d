import type { Sql } from 'postgres'
import type { JsonObject } from '../json.ts'
import { text } from './jobs.ts'

export type ScheduleRow = {
  path: string
  enabled: boolean | null
  edited_by: string | null
  edited_at: Date | null
  plan: string
  next_at: Date | null
  error: string | null
}

export async function listScheduleRows(sql: Sql, workspace: string): Promise<ScheduleRow[]> {
  return sql<ScheduleRow[]>`
    select path, enabled, edited_by, edited_at, plan, next_at, error from windmill.schedules
    where workspace = ${workspace}`
}

/** Sets when a schedule is due next, unless that was reckoned from the same plan already. */
export async function planSchedule(
  sql: Sql,
  workspace: string,
  path: string,
  plan: string,
  nextAt: Date | null,
): Promise<void> {
  await sql`
    insert into windmill.schedules as known (workspace, path, plan, next_at)
    values (${workspace}, ${path}, ${plan}, ${nextAt})
    on conflict (workspace, path) do update
    set plan = excluded.plan, next_at = excluded.next_at, error = null
    where known.plan <> excluded.plan`
}

export async function forgetSchedules(sql: Sql, workspace: string, paths: string[]): Promise<void> {
  await sql`delete from windmill.schedules where workspace = ${workspace} and path = any(${paths})`
}

export async function enableSchedule(
  sql: Sql,
  workspace: string,
  path: string,
  enabled: boolean,
  by: string,
): Promise<void> {
  await sql`
    update windmill.schedules set enabled = ${enabled}, edited_by = ${by}, edited_at = now()
    where workspace = ${workspace} and path = ${path}`
}

/** Goes on from the time that was due, unless another engine has. */
export async function advanceSchedule(
  sql: Sql,
  workspace: string,
  path: string,
  due: Date,
  nextAt: Date | null,
  error: string | null,
): Promise<void> {
  await sql`
    update windmill.schedules set next_at = ${nextAt}, error = ${error}
    where workspace = ${workspace} and path = ${path} and next_at = ${due}`
}

export type OpenRun = { id: string; started: boolean }

/** The jobs of other due times of this schedule that have not ended. */
export async function openRuns(
  sql: Sql,
  workspace: string,
  path: string,
  due: Date,
): Promise<OpenRun[]> {
  return sql<OpenRun[]>`
    select id, started_at is not null as started from windmill.jobs
    where workspace = ${workspace} and trigger_kind = 'schedule' and trigger = ${path}
      and completed_at is null and scheduled_for <> ${due}
    order by scheduled_for`
}

/** Writes down a run that was left out: a job that has ended before it began. */
export async function insertSkippedRun(
  sql: Sql,
  run: {
    id: string
    workspace: string
    path: string
    flow: string
    args: JsonObject
    created_by: string
    due: Date
    result: string
  },
): Promise<void> {
  await sql`
    insert into windmill.jobs
      (id, workspace, kind, path, args, created_by, trigger_kind, trigger, scheduled_for,
        started_at, completed_at, success, skipped, result)
    values (${run.id}, ${run.workspace}, 'flow', ${run.flow}, ${text(sql, run.args)},
      ${run.created_by}, 'schedule', ${run.path}, ${run.due}, now(), now(), true, true,
      ${text(sql, run.result)})
    on conflict do nothing`
}
