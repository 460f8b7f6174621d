import { getProject as getCommand, listProjects as listCommand } from '../../commands/projects.ts'
import { found } from '../../core/errors.ts'
import { findProject, listProjects as list } from '../../store/projects.ts'
import { query } from '../query.ts'

export const listProjects = query(listCommand, ({ db }, filter) => list(db, filter))

export const getProject = query(getCommand, async ({ db }, { project_id }) =>
  found(await findProject(db, project_id), 'project', project_id),
)
