import type { Sql } from 'postgres'
import type { Json } from '../json.ts'

/** States that the steps of one job share, by key. Answers whether the job exists. */
export async function saveUserState(
  sql: Sql,
  jobId: string,
  key: string,
  value: Json,
): Promise<boolean> {
  const rows = await sql`
    update windmill.jobs
    set user_states = jsonb_set(user_states, array[${key}], ${JSON.stringify(value)}::text::jsonb)
    where id = ${jobId} returning id`
  return rows.length > 0
}

/** Progress in percent, of a step or a job; it never goes back. */
export async function saveProgress(sql: Sql, id: string, percent: number): Promise<void> {
  await sql`
    update windmill.steps set progress = greatest(progress, ${percent}) where id = ${id}`
  await sql`
    update windmill.jobs set progress = greatest(progress, ${percent}) where id = ${id}`
}
