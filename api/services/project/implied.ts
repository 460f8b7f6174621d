import type { Project } from '../../core/entities/project.ts'
import { found, invalid } from '../../core/errors.ts'
import type { Db } from '../../store/database.ts'
import { findProject, listProjects } from '../../store/projects.ts'
import { findSession } from '../../store/sessions.ts'
import { findSprint } from '../../store/sprints.ts'
import { findTask } from '../../store/tasks.ts'
import type { Caller } from '../runtime.ts'

interface Hints {
  sprint_id?: number | null | undefined
  task_id?: number | null | undefined
  session?: { project_id: number } | null
}

/**
 * The project that is named, or else that of the sprint or task that is, or else that of the session,
 * or else the only one there is.
 * @throws DomainError `invalid` naming some, where there are several or none
 */
export async function impliedProject(
  db: Db,
  named: number | undefined,
  { sprint_id, task_id, session }: Hints = {},
): Promise<Project> {
  const of =
    named ??
    (sprint_id && found(await findSprint(db, sprint_id), 'sprint', sprint_id).project_id) ??
    (task_id && found(await findTask(db, task_id), 'task', task_id).project_id) ??
    session?.project_id
  if (of) return found(await findProject(db, of), 'project', of)
  const { items, next_cursor } = await listProjects(db, { limit: 5 })
  const [only] = items
  if (only && items.length === 1) return only
  throw invalid(
    'project_id',
    'which_project',
    only
      ? `say which project: ${items.map((it) => it.slug).join(', ')}${next_cursor === null ? '' : ', …'}`
      : 'there is no project yet; create one first',
  )
}

/** The same for what is only read: that enters no session, and may be told of one all the same. */
export async function projectToRead(
  db: Db,
  { sessionKey }: Caller,
  named?: number | undefined,
  sprint_id?: number | undefined,
): Promise<Project> {
  const isTold = named !== undefined || sprint_id !== undefined || sessionKey === null
  const session = isTold ? null : ((await findSession(db, sessionKey)) ?? null)
  return impliedProject(db, named, { sprint_id, session })
}
