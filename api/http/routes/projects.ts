import { createProject } from '../../services/project/create.ts'
import { deleteProject } from '../../services/project/delete.ts'
import { getProject, listProjects } from '../../services/project/read.ts'
import { updateProject } from '../../services/project/update.ts'
import { linkSprints, planSprintLinks } from '../../services/rollout/verbs.ts'

export const projects = [
  listProjects,
  createProject,
  getProject,
  updateProject,
  deleteProject,
  planSprintLinks,
  linkSprints,
]
