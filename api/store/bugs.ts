import type { Bug } from '../core/delegation/render-bug.ts'
import type { Db, Tx } from './database.ts'

interface BugRow {
  task_id: number
  project_id: number
  path: string
  component: string | null
  effort: string | null
}

/** Paths of a project's bug files that begin so; final where the project's row is locked. */
export async function bugPaths(tx: Tx, projectId: number, start: string): Promise<Set<string>> {
  const rows = await tx<{ path: string }[]>`
    select path from bug_reports
    where project_id = ${projectId} and starts_with(path, ${start})`
  return new Set(rows.map((row) => row.path))
}

export async function insertBug(tx: Tx, bug: BugRow): Promise<void> {
  await tx`insert into bug_reports ${tx({ ...bug })}`
}

/** The bug reports of a project as they stand, archived ones left out, the oldest first. */
export async function bugsOfProject(db: Db, projectId: number): Promise<(Bug & BugRow)[]> {
  return db<(Bug & BugRow)[]>`
    select b.task_id, b.project_id, b.path, b.component, b.effort,
      t.code, t.title, t.description, t.priority, t.board_status, t.created_at
    from bug_reports b join tasks t on t.id = b.task_id
    where b.project_id = ${projectId} and t.board_status <> 'archived'
    order by b.task_id`
}
