import type { ReportedCard } from '../core/entities/status-report.ts'
import type { Db } from './database.ts'

export type Subject = { sprint_id: number } | { project_id: number }

const heldBy = (db: Db, of: Subject) =>
  'sprint_id' in of ? db`t.sprint_id = ${of.sprint_id}` : db`t.project_id = ${of.project_id}`

interface Counted extends ReportedCard {
  count: number
  points: number
}

/** Titles and reasons are cut: they may have 10,000 characters, and a report has many. */
const card = (db: Db) => db`
  t.id as task_id, t.code, left(t.title, 200) as title, t.board_status, t.priority, t.story_points,
  t.assignee, left(t.blocked_reason, 500) as blocked_reason, t.completed_at,
  count(*) over () as count, coalesce(sum(t.story_points) over (), 0)::integer as points`

export async function doneSince(db: Db, of: Subject, since: string, limit: number) {
  return db<Counted[]>`
    select ${card(db)} from tasks t
    where ${heldBy(db, of)} and t.board_status = 'done' and not t.skipped
      and t.completed_at >= ${since}
    order by t.completed_at desc, t.id desc limit ${limit}`
}

/** Tasks in one of these columns, those begun first first. */
export async function tasksIn(db: Db, of: Subject, columns: readonly string[], limit: number) {
  return db<Counted[]>`
    select ${card(db)} from tasks t
    where ${heldBy(db, of)} and t.board_status = any(${columns as string[]})
    order by t.started_at nulls last, t.id limit ${limit}`
}

/** Tasks to do of which everything they need is done, the most urgent first. */
export async function readyTasks(db: Db, of: Subject, limit: number) {
  return db<Counted[]>`
    select ${card(db)} from tasks t
    where ${heldBy(db, of)} and t.board_status = 'todo' and not exists (
      select from task_dependencies d join tasks needed on needed.id = d.depends_on_id
      where d.task_id = t.id and d.kind = 'hard'
        and needed.board_status not in ('done', 'archived'))
    order by array_position(array['critical', 'high', 'medium', 'low'], t.priority), t.position, t.id
    limit ${limit}`
}

interface Totals {
  todo: number
  bugs_reported: number
  bugs_open: number
}

export async function totalsOf(db: Db, of: Subject, since: string): Promise<Totals> {
  const [row] = await db<Totals[]>`
    select count(*) filter (where t.board_status = 'todo') as todo,
      count(*) filter (where t.type = 'bug' and t.created_at >= ${since}) as bugs_reported,
      count(*) filter (where t.type = 'bug' and t.board_status <> 'done') as bugs_open
    from tasks t where ${heldBy(db, of)} and t.board_status <> 'archived'`
  return row ?? { todo: 0, bugs_reported: 0, bugs_open: 0 }
}

/** Decisions written down since a moment, the newest first. */
export async function adrsSince(db: Db, projectId: number, since: string, limit: number) {
  return db<{ number: number; title: string; status: string; count: number }[]>`
    select number, left(title, 200) as title, status, count(*) over () as count from adrs
    where project_id = ${projectId} and created_at >= ${since}
    order by number desc limit ${limit}`
}
