import type { Sql } from 'postgres'
import type { Json } from '../json.ts'
import { text } from './jobs.ts'

export type StoredResource = {
  path: string
  value: Json
  resource_type: string
  description: string
}

export async function findResource(
  sql: Sql,
  workspace: string,
  path: string,
): Promise<StoredResource | null> {
  const [row] = await sql<StoredResource[]>`
    select path, value, resource_type, description from windmill.resources
    where workspace = ${workspace} and path = ${path}`
  return row ?? null
}

export async function listResources(sql: Sql, workspace: string): Promise<StoredResource[]> {
  return sql<StoredResource[]>`
    select path, value, resource_type, description from windmill.resources
    where workspace = ${workspace} order by path`
}

export async function saveResource(
  sql: Sql,
  workspace: string,
  resource: StoredResource,
  by: string,
): Promise<void> {
  await sql`
    insert into windmill.resources (workspace, path, value, resource_type, description, updated_by)
    values (${workspace}, ${resource.path}, ${text(sql, resource.value)}, ${resource.resource_type},
      ${resource.description}, ${by})
    on conflict (workspace, path) do update set value = excluded.value,
      resource_type = excluded.resource_type, description = excluded.description,
      updated_by = excluded.updated_by, updated_at = now()`
}

export async function removeResource(sql: Sql, workspace: string, path: string): Promise<boolean> {
  const rows = await sql`
    delete from windmill.resources where workspace = ${workspace} and path = ${path} returning path`
  return rows.length > 0
}
