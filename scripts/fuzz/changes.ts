import type { Sql } from 'postgres'

/** The name of the token that requests are sent with: what it changed is known by it. */
export const fuzzer = 'fuzz'

/** Counts the events of the fuzzer itself since it was asked last. */
export function changesOf(sql: Sql): () => Promise<number> {
  let seen = 0
  return async () => {
    const [row] = await sql<{ last: number | null; ours: number }[]>`
      select max(id)::int as last, count(*) filter (where actor = ${fuzzer})::int as ours
      from events where id > ${seen}`
    seen = row?.last ?? seen
    return row?.ours ?? 0
  }
}
