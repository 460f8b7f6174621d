import { Spec } from '../core/entities/spec.ts'
import { columnsOf, type Db, rowFor, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

const columns = columnsOf(Spec)

export type NewSpec = Pick<Spec, 'project_id' | 'path' | 'name' | 'status' | 'planning'>

/** Undefined where the project has a spec at this path; one being made elsewhere is waited for. */
export async function insertSpec(tx: Tx, spec: NewSpec): Promise<Spec | undefined> {
  const [row] = await tx<Spec[]>`
    insert into specs ${rowFor(tx, spec, ['planning'])}
    on conflict (project_id, path) do nothing returning ${tx(columns)}`
  return row
}

export async function findSpec(db: Db, id: number): Promise<Spec | undefined> {
  const [row] = await db<Spec[]>`select ${db(columns)} from specs where id = ${id}`
  return row
}

export async function lockSpec(tx: Tx, id: number): Promise<Spec | undefined> {
  const [row] = await tx<Spec[]>`
    select ${tx(columns)} from specs where id = ${id} for no key update`
  return row
}

export async function findSpecByPath(db: Db, projectId: number, path: string) {
  const [row] = await db<Spec[]>`
    select ${db(columns)} from specs where project_id = ${projectId} and path = ${path}`
  return row
}

interface SpecFilter extends Page {
  project_id?: number | undefined
  path?: string | undefined
}

export async function listSpecs(db: Db, filter: SpecFilter) {
  const rows = await db<Spec[]>`
    select ${db(columns)} from specs
    where id > ${after(filter)}
      ${filter.project_id ? db`and project_id = ${filter.project_id}` : db``}
      ${filter.path === undefined ? db`` : db`and path = ${filter.path}`}
    order by id limit ${filter.limit + 1}`
  return pageOf(rows, filter, (row) => row.id)
}

/** Where the specs of projects are, archived ones left out, and whether their tasks were imported. */
export async function activeSpecPaths(
  db: Db,
  projectIds: readonly number[],
): Promise<{ project_id: number; path: string; imported: boolean }[]> {
  return db`
    select project_id, path, content_hash is not null as imported from specs
    where project_id = any(${projectIds as number[]}) and status <> 'archived' order by path`
}

export async function updateSpec(tx: Tx, id: number, changes: Partial<NewSpec>): Promise<Spec> {
  const [row] = await tx<Spec[]>`
    update specs set ${rowFor(tx, changes, ['planning'])}, updated_at = now()
    where id = ${id} returning ${tx(columns)}`
  return row as Spec
}

export interface ImportedText {
  tasksMd: string
  contentHash: string
  commit: string | null
}

/** Counts an import that changed nothing. */
export async function countImport(tx: Tx, id: number): Promise<void> {
  await tx`update specs set imports = imports + 1 where id = ${id}`
}

/** Keeps the text that was imported: ticks are put into it on export. */
export async function keepImportedText(tx: Tx, id: number, text: ImportedText): Promise<void> {
  await tx`
    update specs set tasks_md = ${text.tasksMd}, content_hash = ${text.contentHash},
      commit_sha = ${text.commit}, imports = imports + 1, imported_at = now(), updated_at = now()
    where id = ${id}`
}

/** Specs, each with the text last imported. */
export async function specTexts(db: Db, ids: readonly number[]) {
  return db<{ id: number; path: string; tasks_md: string | null; content_hash: string | null }[]>`
    select id, path, tasks_md, content_hash from specs
    where id = any(${ids as number[]}) order by id`
}
