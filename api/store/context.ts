import type { Related } from '../core/entities/agent-context.ts'
import type { Claim } from '../core/entities/session.ts'
import type { Sprint } from '../core/entities/sprint.ts'
import type { BoardStatus, Task } from '../core/entities/task.ts'
import type { EventType } from '../core/events/catalogue.ts'
import type { Db } from './database.ts'
import { waits } from './pool.ts'

/** How many tasks of a sprint stand in each column, and what they count, in one pass. */
export async function progressOf(db: Db, sprintId: number) {
  return db<{ board_status: BoardStatus; tasks: number; points: number }[]>`
    select board_status, count(*) as tasks,
      coalesce(sum(story_points) filter (where not skipped), 0)::integer as points
    from tasks where sprint_id = ${sprintId} group by board_status`
}

/** Open tasks of a sprint: first what is being worked on, then what comes next. */
export async function relatedTasks(db: Db, sprintId: number, except: number, limit: number) {
  return db<Related[]>`
    select id, code, left(title, 200) as title, board_status, priority, story_points, assignee
    from tasks
    where sprint_id = ${sprintId} and id <> ${except} and board_status not in ('done', 'archived')
    order by array_position(
        array['in_progress', 'review', 'testing', 'blocked', 'todo', 'backlog'], board_status),
      array_position(array['critical', 'high', 'medium', 'low'], priority), position, id
    limit ${limit}`
}

export async function dependenciesAmong(db: Db, taskIds: readonly number[]) {
  if (taskIds.length === 0) return []
  return db<{ task: string; depends_on: string; kind: 'hard' | 'suggested' }[]>`
    select t.code as task, o.code as depends_on, d.kind
    from task_dependencies d join tasks t on t.id = d.task_id join tasks o on o.id = d.depends_on_id
    where d.task_id = any(${taskIds as number[]}) and d.depends_on_id = any(${taskIds as number[]})
    order by d.task_id, d.depends_on_id`
}

interface Neighbour {
  id: number
  code: string
  title: string
  board_status: BoardStatus
  assignee: string | null
  kind: 'hard' | 'suggested'
  claimable: boolean
}

/** What a task waits for, or what waits for it; what is open stands first. */
export async function neighboursOf(
  db: Db,
  taskId: number,
  side: 'depends_on' | 'needed_by',
  limit: number,
): Promise<Neighbour[]> {
  const [here, there] =
    side === 'depends_on' ? ['task_id', 'depends_on_id'] : ['depends_on_id', 'task_id']
  return db<Neighbour[]>`
    select t.id, t.code, left(t.title, 200) as title, t.board_status, t.assignee, d.kind,
      t.board_status not in ('done', 'archived') and coalesce(s.status in ('planning', 'active'), true)
        and num_nonnulls(t.sprint_id, t.protocol_run_id, t.spec_id) > 0
        and not exists (select from task_claims c where c.task_id = t.id and c.ended_at is null)
        and not ${waits(db)} as claimable
    from task_dependencies d join tasks t on t.id = d.${db(there)}
    left join sprints s on s.id = t.sprint_id
    where d.${db(here)} = ${taskId}
    order by t.board_status in ('done', 'archived'), d.kind, t.id limit ${limit}`
}

export async function claimWithoutClock(db: Db, taskId: number) {
  const [row] = await db<Omit<Claim, 'lease_until'>[]>`
    select c.task_id, t.code as task_code, s.key as session_key, s.agent, c.claimed_at
    from task_claims c join work_sessions s on s.id = c.session_id join tasks t on t.id = c.task_id
    where c.task_id = ${taskId} and c.ended_at is null`
  return row ?? null
}

/** That agents begin or go on is no news about what they work on. */
const ofAgentsAlone = [
  'agent.initialized',
  'context.assembled',
  'session.started',
  'session.resumed',
] as const satisfies readonly EventType[]

/** The newest events of a sprint, or of a task. */
export async function newestEvents(
  db: Db,
  of: { sprint: number } | { task: number },
  limit: number,
) {
  return db<
    {
      id: number
      type: string
      entity_type: string
      entity_id: number
      actor: string
      agent: string | null
      payload: Record<string, unknown>
      emitted_at: string
    }[]
  >`
    select id, type, entity_type, entity_id, actor, agent, payload, emitted_at from events
    where ${'sprint' in of ? db`sprint_id = ${of.sprint}` : db`entity_type = 'task' and entity_id = ${of.task}`}
      and type <> all(${[...ofAgentsAlone, 'file.synced'] as string[]})
    order by xid desc, id desc limit ${limit}`
}

/**
 * Whether anything in a project has changed since a place in the stream (`endOfEvents`): every
 * transaction below that has been seen, and every one since has its events at or above it.
 */
export async function changedSince(db: Db, projectId: number, end: string): Promise<boolean> {
  const [row] = await db<{ changed: boolean }[]>`
    select exists (
      select from events where project_id = ${projectId} and xid >= ${end}::xid8
        and type <> all(${ofAgentsAlone as unknown as string[]})) as changed`
  return row?.changed ?? true
}

/** Folders of the spec of a task, else of a sprint and of its tasks. */
export async function specFoldersOf(
  db: Db,
  task: Pick<Task, 'spec_id'> | null,
  sprint: Pick<Sprint, 'id' | 'spec_id'> | null,
): Promise<string[]> {
  const own = task?.spec_id ?? sprint?.spec_id ?? null
  const rows = await db<{ path: string }[]>`
    select path from specs where id = ${own}
      ${task === null && sprint ? db`or id in (select spec_id from tasks where sprint_id = ${sprint.id})` : db``}
    order by id = ${own} desc, id desc limit 5`
  return rows.map((row) => row.path)
}
