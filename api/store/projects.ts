import { Project } from '../core/entities/project.ts'
import { columnsOf, type Db, rowFor, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

const columns = columnsOf(Project)

export type NewProject = Pick<
  Project,
  'slug' | 'name' | 'local_path' | 'repo_url' | 'default_branch' | 'settings'
>

export async function insertProject(tx: Tx, project: NewProject): Promise<Project> {
  const [row] = await tx<Project[]>`
    insert into projects ${rowFor(tx, project, ['settings'])}
    returning ${tx(columns)}`
  return row as Project
}

export async function findProject(db: Db, id: number): Promise<Project | undefined> {
  const [row] = await db<Project[]>`select ${db(columns)} from projects where id = ${id}`
  return row
}

export async function findProjectBySlug(db: Db, slug: string): Promise<Project | undefined> {
  const [row] = await db<Project[]>`select ${db(columns)} from projects where slug = ${slug}`
  return row
}

/** Projects whose repository URL contains one of the names, `owner/name` in lower case. */
export async function projectsByRepository(db: Db, names: readonly string[]): Promise<Project[]> {
  return db<Project[]>`
    select ${db(columns)} from projects
    where exists (select from unnest(${names as string[]}::text[]) as name
      where strpos(lower(repo_url), name) > 0)
    order by id`
}

export async function lockProject(tx: Tx, id: number): Promise<Project | undefined> {
  const [row] = await tx<Project[]>`
    select ${tx(columns)} from projects where id = ${id} for no key update`
  return row
}

export async function listProjects(db: Db, filter: Page & { slug?: string | undefined }) {
  const rows = await db<Project[]>`
    select ${db(columns)} from projects
    where id > ${after(filter)} ${filter.slug ? db`and slug = ${filter.slug}` : db``}
    order by id limit ${filter.limit + 1}`
  return pageOf(rows, filter, (row) => row.id)
}

export async function updateProject(
  tx: Tx,
  id: number,
  changes: Partial<NewProject>,
): Promise<Project> {
  const [row] = await tx<Project[]>`
    update projects set ${rowFor(tx, changes, ['settings'])}, updated_at = now()
    where id = ${id} returning ${tx(columns)}`
  return row as Project
}

export async function deleteProject(tx: Tx, id: number): Promise<void> {
  await tx`delete from projects where id = ${id}`
}

/** Takes the next `count` task numbers of a project; answers the first of them. */
export async function takeTaskNumbers(tx: Tx, projectId: number, count: number) {
  const [row] = await tx<{ slug: string; first: number }[]>`
    update projects set last_task_number = last_task_number + ${count}
    where id = ${projectId}
    returning slug, last_task_number - ${count} + 1 as first`
  return row
}

/** Takes the next `count` sprint numbers of a project; answers the first of them. */
export async function takeSprintNumbers(tx: Tx, projectId: number, count: number) {
  const [row] = await tx<{ first: number }[]>`
    update projects set last_sprint_number = last_sprint_number + ${count}
    where id = ${projectId} returning last_sprint_number - ${count} + 1 as first`
  return row?.first ?? 1
}

export async function takeSprintNumber(tx: Tx, projectId: number) {
  const [row] = await tx<{ slug: string; number: number }[]>`
    update projects set last_sprint_number = last_sprint_number + 1
    where id = ${projectId} returning slug, last_sprint_number as number`
  return row
}
