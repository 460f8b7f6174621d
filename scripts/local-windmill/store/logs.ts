import type { Sql } from 'postgres'

/** Adds to a step's log (or a job's, when `id` is the job). */
export async function appendLog(
  sql: Sql,
  jobId: string,
  id: string,
  content: string,
  truncated: boolean,
): Promise<void> {
  await sql`
    insert into windmill.logs (id, job_id, content, truncated)
    values (${id}, ${jobId}, ${content.replaceAll('\0', '')}, ${truncated})
    on conflict (id) do update
    set content = windmill.logs.content || excluded.content, truncated = excluded.truncated`
}

/** What a step or job has said itself so far, from a place on. */
export async function readOwnLog(sql: Sql, id: string, from: number) {
  const [row] = await sql<{ fresh: string; length: number }[]>`
    select substr(content, ${from + 1}::int) as fresh, length(content) from windmill.logs where id = ${id}`
  return row ?? { fresh: '', length: 0 }
}

/** The log of one step, or of a whole job: its own lines first, then each step's under its path. */
export async function readLogs(sql: Sql, id: string): Promise<string> {
  const rows = await sql<{ path: string | null; content: string; own: boolean }[]>`
    select step.path, log.content, log.id = ${id} as own
    from windmill.logs log left join windmill.steps step on step.id = log.id
    where log.id = ${id} or log.job_id = ${id}
    order by log.id = ${id} desc, step.started_at, step.path`
  return rows
    .map((row) => (row.own ? row.content : `--- ${row.path} ---\n${row.content}`))
    .join('\n')
}
