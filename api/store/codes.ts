import type { Addressed } from '../core/addresses.ts'
import type { Db } from './database.ts'

/** What people call it by, and in which table. */
const named = {
  project: { table: 'projects', column: 'slug' },
  sprint: { table: 'sprints', column: 'code' },
  task: { table: 'tasks', column: 'code' },
} as const

/** The ids of what has these codes, as they are written. */
export async function idsByCode(
  db: Db,
  of: Addressed,
  codes: readonly string[],
): Promise<Map<string, number>> {
  const { table, column } = named[of]
  const rows = await db<{ id: number; code: string }[]>`
    select id, ${db(column)} as code from ${db(table)} where ${db(column)} in ${db([...codes])}`
  return new Map(rows.map(({ id, code }) => [code, id]))
}

/** Codes with this beginning, in any case, in their order. */
export async function codesBeginning(
  db: Db,
  of: Addressed,
  beginning: string,
  count: number,
): Promise<string[]> {
  const { table, column } = named[of]
  const rows = await db<{ code: string }[]>`
    select ${db(column)} as code from ${db(table)}
    where starts_with(lower(${db(column)}), lower(${beginning})) order by id desc limit ${count}`
  return rows.map((row) => row.code)
}

/** Codes that begin like this one and are about as long, the newest first: where a slip may lie. */
export async function codesLike(db: Db, of: Addressed, code: string): Promise<string[]> {
  const { table, column } = named[of]
  const rows = await db<{ code: string }[]>`
    select ${db(column)} as code from ${db(table)}
    where lower(left(${db(column)}, 1)) = lower(left(${code}, 1))
      and length(${db(column)}) between ${code.length - 4} and ${code.length + 4}
    order by id desc limit 2000`
  return rows.map((row) => row.code)
}

/** Those of a project whose code another had before them, but for upper and lower case. */
export async function codedAgain(
  db: Db,
  of: 'sprint' | 'task',
  projectId: number,
): Promise<Set<number>> {
  const table = db(named[of].table)
  const folded = db`lower(code collate "C")`
  const rows = await db<{ id: number }[]>`
    select id from ${table} join (
      select ${folded} as folded, min(id) as first from ${table} where project_id = ${projectId}
      group by 1 having count(*) > 1) twice on ${folded} = folded and id > first
    where project_id = ${projectId}`
  return new Set(rows.map((row) => row.id))
}
