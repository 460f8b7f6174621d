import { type Fields, type Json, settledField } from '../core/delegation/fields.ts'
import { Sprint } from '../core/entities/sprint.ts'
import { Task } from '../core/entities/task.ts'
import { columnsOf, type Db, type Tx } from './database.ts'

/** What is known of a file; a state that is missing has null in all of its columns. */
export interface FileRow {
  path: string
  entity_type: 'sprint' | 'task' | 'adr' | 'bug'
  entity_id: number
  base_fields: Fields | null
  base_rendered: string | null
  base_sha256: string | null
  offered_fields: Fields | null
  offered_rendered: string | null
  offered_sha256: string | null
  made_from: string | null
}

const columns = [
  'path',
  'entity_type',
  'entity_id',
  'base_fields',
  'base_rendered',
  'base_sha256',
  'offered_fields',
  'offered_rendered',
  'offered_sha256',
  'made_from',
]

/** The files that are known to be in the repository, and their hashes. */
export async function confirmedFiles(
  db: Db,
  projectId: number,
): Promise<{ path: string; sha256: string }[]> {
  return db<{ path: string; sha256: string }[]>`
    select path, base_sha256 as sha256 from delegation_files
    where project_id = ${projectId} and base_sha256 is not null order by path`
}

export async function delegationFiles(db: Db, projectId: number): Promise<FileRow[]> {
  return db<FileRow[]>`
    select ${db(columns)} from delegation_files where project_id = ${projectId} order by path`
}

/** Writes any number of rows in one statement. */
export async function saveDelegationFiles(
  tx: Tx,
  projectId: number,
  rows: readonly FileRow[],
): Promise<void> {
  if (rows.length === 0) return
  await tx`
    insert into delegation_files (project_id, path, entity_type, entity_id, base_fields,
      base_rendered, base_sha256, offered_fields, offered_rendered, offered_sha256, made_from,
      confirmed_at)
    select ${projectId}, path, entity_type, entity_id, base_fields, base_rendered, base_sha256,
      offered_fields, offered_rendered, offered_sha256, made_from,
      case when base_sha256 is not null then now() end
    from jsonb_to_recordset(${tx.json(rows as never)}) as r(path text, entity_type text,
      entity_id bigint, base_fields jsonb, base_rendered text, base_sha256 text,
      offered_fields jsonb, offered_rendered text, offered_sha256 text, made_from text)
    on conflict (project_id, path) do update set
      entity_type = excluded.entity_type, entity_id = excluded.entity_id,
      base_fields = excluded.base_fields, base_rendered = excluded.base_rendered,
      base_sha256 = excluded.base_sha256, offered_fields = excluded.offered_fields,
      offered_rendered = excluded.offered_rendered, offered_sha256 = excluded.offered_sha256,
      made_from = excluded.made_from, confirmed_at = excluded.confirmed_at`
}

export async function forgetFiles(
  tx: Tx,
  projectId: number,
  paths: readonly string[],
): Promise<void> {
  if (paths.length === 0) return
  await tx`
    delete from delegation_files
    where project_id = ${projectId} and path = any(${paths as string[]})`
}

/** What was offered with these hashes is in the repository now. Answers those that were not before. */
export async function confirmFiles(
  tx: Tx,
  projectId: number,
  files: readonly { path: string; sha256: string }[],
): Promise<FileRow[]> {
  if (files.length === 0) return []
  return tx<FileRow[]>`
    update delegation_files f set base_fields = offered_fields, base_rendered = offered_rendered,
      base_sha256 = offered_sha256, offered_fields = null, offered_rendered = null,
      offered_sha256 = null, confirmed_at = now()
    from jsonb_to_recordset(${tx.json(files as never)}) as w(path text, sha256 text)
    where f.project_id = ${projectId} and f.path = w.path and f.offered_sha256 = w.sha256
    returning ${tx.unsafe(columns.map((it) => `f.${it}`).join(', '))}`
}

/**
 * Lets the database's value of a field win over this one of the files at the next sync, where they
 * still say so by then.
 */
export async function settleInFiles(
  tx: Tx,
  of: { type: 'sprint' | 'task'; id: number },
  field: string,
  value: Json,
): Promise<void> {
  const settled = tx.json({ [settledField(field)]: value } as never)
  await tx`
    update delegation_files
    set base_fields = base_fields || ${settled}, offered_fields = offered_fields || ${settled}
    where entity_type = ${of.type} and entity_id = ${of.id}`
}

interface OwnTemplate {
  path: string
  text: string
}

export async function ownTemplates(db: Db, projectId: number): Promise<OwnTemplate[]> {
  return db<OwnTemplate[]>`
    select path, text from delegation_templates where project_id = ${projectId} order by path`
}

/** Keeps exactly these templates of a project. */
export async function keepTemplates(
  tx: Tx,
  projectId: number,
  templates: readonly OwnTemplate[],
): Promise<void> {
  await tx`
    delete from delegation_templates where project_id = ${projectId}
      and path <> all(${templates.map((it) => it.path)}::text[])`
  if (templates.length === 0) return
  await tx`
    insert into delegation_templates as t (project_id, path, text)
    select ${projectId}, path, text
    from jsonb_to_recordset(${tx.json(templates as never)}) as n(path text, text text)
    on conflict (project_id, path) do update set text = excluded.text
      where t.text <> excluded.text`
}

interface TemplateChoice {
  entity_type: 'sprint' | 'task'
  entity_id: number
  template: string
  variables: Record<string, unknown>
}

export async function templateChoices(db: Db, projectId: number): Promise<TemplateChoice[]> {
  return db<TemplateChoice[]>`
    select entity_type, entity_id, template, variables from template_choices
    where project_id = ${projectId}`
}

export async function keepChoices(
  tx: Tx,
  projectId: number,
  choices: readonly TemplateChoice[],
): Promise<void> {
  await tx`
    insert into template_choices (project_id, entity_type, entity_id, template, variables)
    select ${projectId}, entity_type, entity_id, template, variables
    from jsonb_to_recordset(${tx.json(choices as never)}) as n(entity_type text,
      entity_id bigint, template text, variables jsonb)`
}

/** Sprints whose files are kept: those that are open, and others that have a folder. */
export async function sprintsWithFiles(
  db: Db,
  projectId: number,
  codes: readonly string[],
): Promise<Sprint[]> {
  return db<Sprint[]>`
    select ${db(columnsOf(Sprint))} from sprints
    where project_id = ${projectId}
      and (status in ('planning', 'active') or code = any(${codes as string[]}))
    order by id`
}

/** The cards of these sprints that are not archived, in their order. */
export async function tasksWithFiles(db: Db, sprintIds: readonly number[]): Promise<Task[]> {
  return db<Task[]>`
    select ${db(columnsOf(Task))} from tasks
    where sprint_id = any(${sprintIds as number[]}) and board_status <> 'archived'
    order by position, id`
}

export interface Needed extends Pick<Task, 'code' | 'title' | 'board_status' | 'story_points'> {
  task_id: number
}

/** What each of these tasks waits for by hard dependencies. */
export async function neededBy(db: Db, taskIds: readonly number[]): Promise<Needed[]> {
  return db<Needed[]>`
    select d.task_id, t.code, t.title, t.board_status, t.story_points
    from task_dependencies d join tasks t on t.id = d.depends_on_id
    where d.task_id = any(${taskIds as number[]}) and d.kind = 'hard'
    order by d.task_id, t.code`
}

/** Hashes of the newest revisions, by id. */
export async function headHashes(
  db: Db,
  of: 'sprint' | 'task',
  ids: readonly number[],
): Promise<Map<number, string>> {
  const rows = await db<{ id: number; hash: string }[]>`
    select wanted.id, head.hash from unnest(${ids as number[]}::bigint[]) as wanted(id)
    cross join lateral (
      select hash from revisions r where r.entity_type = ${of} and r.entity_id = wanted.id
      order by number desc limit 1) head`
  return new Map(rows.map((row) => [row.id, row.hash]))
}

/** Has the revisions of what this transaction has changed so far written now, not at its end. */
export async function writeRevisionsNow(tx: Tx): Promise<void> {
  await tx`set constraints revisions_are_written immediate`
  await tx`set constraints revisions_are_written deferred`
}
