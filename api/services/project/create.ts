import { createProject as command } from '../../commands/projects.ts'
import { insertProject } from '../../store/projects.ts'
import { mutation } from '../mutation.ts'
import { checkLocation } from './location.ts'

export const createProject = mutation(command, async (work, input) => {
  await checkLocation(work, input.local_path)
  const project = await insertProject(work.tx, {
    slug: input.slug,
    name: input.name,
    local_path: input.local_path ?? null,
    repo_url: input.repo_url ?? null,
    default_branch: input.default_branch,
    settings: input.settings,
  })
  await work.record({
    type: 'project.created',
    entity_type: 'project',
    entity_id: project.id,
    project_id: project.id,
    payload: { name: project.name },
  })
  return project
})
