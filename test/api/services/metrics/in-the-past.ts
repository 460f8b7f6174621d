import type postgres from 'postgres'

const day = 24 * 60 * 60 * 1000

/** Noon in UTC, so many days ago. */
export const noon = (daysAgo: number): string =>
  `${new Date(Date.now() - daysAgo * day).toISOString().slice(0, 10)}T12:00:00.000Z`

/**
 * Does something through the API as if it were then: its events, and the times it set on tasks and
 * sprints, are dated back. The product itself cannot: events are append-only.
 */
export async function inThePast<T>(
  sql: postgres.Sql,
  moment: string,
  work: () => Promise<T>,
): Promise<T> {
  const [clock] = await sql<{ began: string }[]>`
    select date_trunc('milliseconds', clock_timestamp())::text as began`
  const began = clock?.began ?? ''
  const result = await work()
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`
      update events set emitted_at = ${moment}::timestamptz, payload = payload || coalesce((
        select jsonb_object_agg(key, ${moment}::text) from jsonb_each_text(payload)
        where key in ('started_at', 'completed_at') and value::timestamptz >= ${began}::timestamptz
      ), '{}')
      where emitted_at >= ${began}::timestamptz`
    for (const table of ['tasks', 'sprints']) {
      for (const column of ['started_at', 'completed_at', 'created_at']) {
        await tx`
          update ${tx(table)} set ${tx(column)} = ${moment}::timestamptz
          where ${tx(column)} >= ${began}::timestamptz`
      }
    }
  })
  return result
}
