import { Artifact, StepLogLine, type TaskArtifact } from '../core/entities/protocol.ts'
import { columnsOf, type Db, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

const columns = columnsOf(Artifact)
const logColumns = columnsOf(StepLogLine)

export async function saveArtifact(
  tx: Tx,
  artifact: Omit<Artifact, 'id' | 'created_at'>,
): Promise<Artifact> {
  const [row] = await tx<Artifact[]>`
    insert into artifacts ${tx(artifact)}
    on conflict (step_run_id, attempt, name) do update set
      media_type = excluded.media_type, uri = excluded.uri, content = excluded.content
    returning ${tx(columns)}`
  return row as Artifact
}

/** A page of texts goes on until there are this many bytes of them, be it shorter than asked for. */
const mostBytes = 8_000_000

export async function listArtifacts(
  db: Db,
  of: { stepId: number } | { taskId: number },
  page: Page,
) {
  const owner =
    'stepId' in of
      ? db`step_run_id = ${of.stepId}`
      : db`step_run_id in (select id from step_runs
          where linked_task_id = ${of.taskId} or task_id = ${of.taskId})`
  const rows = await db<(Artifact & { found: number })[]>`
    with found as (
      select id, coalesce(octet_length(content), 0) as size from artifacts
      where ${owner} and id > ${after(page)} order by id limit ${page.limit + 1}
    ), sized as (
      select id, sum(size) over (order by id) - size as before from found
    )
    select ${db(columns)}, (select count(*)::int from found) as found
    from artifacts join sized using (id)
    where before < ${mostBytes} order by id limit ${page.limit}`
  const items = rows.map(({ found: _, ...artifact }) => artifact)
  const more = (rows[0]?.found ?? 0) > items.length
  return { items, next_cursor: more ? String(items.at(-1)?.id) : null }
}

/** What was produced for the tasks of a sprint. */
export async function listSprintArtifacts(db: Db, sprintId: number, page: Page) {
  const rows = await db<TaskArtifact[]>`
    with steps as (
      select id as task_id, step_run_id from tasks
      where sprint_id = ${sprintId} and step_run_id is not null
      union
      select t.id, s.id from tasks t join step_runs s on s.task_id = t.id
      where t.sprint_id = ${sprintId}
    )
    select a.id, a.step_run_id, a.attempt, a.name, a.media_type, a.uri, a.created_at,
      steps.task_id, length(a.content) as size
    from steps join artifacts a using (step_run_id)
    where a.id > ${after(page)} order by a.id, steps.task_id limit ${page.limit + 1}`
  return pageOf(rows, page, (row) => row.id)
}

export interface NewLogLine {
  seq: number
  stream: 'stdout' | 'stderr' | 'system'
  line: string
}

/** Adds lines; one whose number is known is the same line delivered again. */
export async function appendLogs(
  tx: Tx,
  stepId: number,
  attempt: number,
  lines: readonly NewLogLine[],
): Promise<number> {
  const added = await tx`
    insert into step_logs (step_run_id, attempt, seq, stream, line)
    select ${stepId}, ${attempt}, seq, stream, line
    from jsonb_to_recordset(${tx.json(lines as never)}) as l(seq integer, stream text, line text)
    on conflict do nothing returning 1`
  return added.length
}

export async function listLogs(db: Db, stepId: number, attempt: number, page: Page) {
  const rows = await db<StepLogLine[]>`
    select ${db(logColumns)} from step_logs
    where step_run_id = ${stepId} and attempt = ${attempt}::bigint and seq > ${after(page)}::bigint
    order by seq limit ${page.limit + 1}`
  return pageOf(rows, page, (row) => row.seq)
}
