import type { Document } from '../core/entities/document.ts'
import type { Db, Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

/** As `tokensOf` in core counts them, so that no text has to be read for it. */
const columns = (db: Db) => db`
  id, project_id, path, sha256, commit_sha, ((octet_length(text) + 2) / 3)::integer as tokens,
  updated_at`

interface NewDocument {
  path: string
  text: string
  sha256: string
  commit_sha: string | null
}

/** Stores texts, any number in one statement; answers the paths whose text is another one now. */
export async function putDocuments(
  tx: Tx,
  projectId: number,
  documents: readonly NewDocument[],
): Promise<string[]> {
  if (documents.length === 0) return []
  const rows = await tx<{ path: string }[]>`
    insert into documents as d (project_id, path, text, sha256, commit_sha)
    select ${projectId}::bigint, path, text, sha256, commit_sha
    from jsonb_to_recordset(${tx.json(documents as never)})
      as n(path text, text text, sha256 text, commit_sha text)
    order by path
    on conflict (project_id, path) do update
      set text = excluded.text, sha256 = excluded.sha256, commit_sha = excluded.commit_sha,
        updated_at = now()
      where d.sha256 <> excluded.sha256
    returning path`
  return rows.map((row) => row.path)
}

export async function removeDocuments(tx: Tx, projectId: number, paths: readonly string[]) {
  if (paths.length === 0) return []
  const rows = await tx<{ path: string }[]>`
    delete from documents where project_id = ${projectId} and path = any(${paths as string[]})
    returning path`
  return rows.map((row) => row.path)
}

export async function listDocuments(
  db: Db,
  filter: Page & { project_id: number; path?: string | undefined },
) {
  const rows = await db<Document[]>`
    select ${columns(db)} from documents
    where project_id = ${filter.project_id} and id > ${after(filter)}
      ${filter.path === undefined ? db`` : db`and path = ${filter.path}`}
    order by id limit ${filter.limit + 1}`
  return pageOf(rows, filter, (row) => row.id)
}

export async function findDocument(db: Db, id: number) {
  const [row] = await db<(Document & { text: string })[]>`
    select ${columns(db)}, text from documents where id = ${id}`
  return row
}

/**
 * Paths of the documents that tasks of open sprints refer to, each once, by project. An address is
 * nothing that a repository has.
 */
export async function referredDocuments(
  db: Db,
  projectIds: readonly number[],
): Promise<{ project_id: number; path: string }[]> {
  return db<{ project_id: number; path: string }[]>`
    select distinct t.project_id, regexp_replace(doc #>> '{}', '^(\\./)+', '') as path
    from sprints s join tasks t on t.sprint_id = s.id
    cross join lateral jsonb_path_query(
      t.agent_config, 'strict $.context.reference_docs[*] ? (@.type() == "string")',
      silent => true) as doc
    where s.project_id = any(${projectIds as number[]}) and s.status in ('planning', 'active')
      and doc #>> '{}' !~* '^[a-z][a-z0-9_+.-]*://'
    order by t.project_id, path`
}

/** Documents at these paths, or below these folders. */
export async function documentsAt(
  db: Db,
  projectId: number,
  paths: readonly string[],
  folders: readonly string[],
): Promise<Document[]> {
  return db<Document[]>`
    select ${columns(db)} from documents
    where project_id = ${projectId} and (path = any(${paths as string[]})
      or exists (select from unnest(${folders as string[]}::text[]) as folder
        where starts_with(path, folder || '/')))
    order by path limit 500`
}

/** The beginning of each text, of so many characters at most. */
export async function beginningsOf(db: Db, ids: readonly number[], characters: number) {
  if (ids.length === 0) return new Map<number, string>()
  const rows = await db<{ id: number; text: string }[]>`
    select id, left(text, ${characters}) as text from documents where id = any(${ids as number[]})`
  return new Map(rows.map((row) => [row.id, row.text]))
}
