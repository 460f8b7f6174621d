import type { Sql } from 'postgres'

export type StoredVariable = {
  path: string
  value: string
  is_secret: boolean
  description: string
}

export async function findVariable(
  sql: Sql,
  workspace: string,
  path: string,
): Promise<StoredVariable | null> {
  const [row] = await sql<StoredVariable[]>`
    select path, value, is_secret, description from windmill.variables
    where workspace = ${workspace} and path = ${path}`
  return row ?? null
}

export async function listVariables(sql: Sql, workspace: string): Promise<StoredVariable[]> {
  return sql<StoredVariable[]>`
    select path, value, is_secret, description from windmill.variables
    where workspace = ${workspace} order by path`
}

export async function saveVariable(
  sql: Sql,
  workspace: string,
  variable: StoredVariable,
  by: string,
): Promise<void> {
  await sql`
    insert into windmill.variables (workspace, path, value, is_secret, description, updated_by)
    values (${workspace}, ${variable.path}, ${variable.value}, ${variable.is_secret},
      ${variable.description}, ${by})
    on conflict (workspace, path) do update set value = excluded.value,
      is_secret = excluded.is_secret, description = excluded.description,
      updated_by = excluded.updated_by, updated_at = now()`
}

export async function removeVariable(sql: Sql, workspace: string, path: string): Promise<boolean> {
  const rows = await sql`
    delete from windmill.variables where workspace = ${workspace} and path = ${path} returning path`
  return rows.length > 0
}
