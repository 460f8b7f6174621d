import { deleteProject as command } from '../../commands/projects.ts'
import { found } from '../../core/errors.ts'
import { lockProject, deleteProject as remove } from '../../store/projects.ts'
import { mutation } from '../mutation.ts'

export const deleteProject = mutation(command, async (work, { project_id }) => {
  const project = found(await lockProject(work.tx, project_id), 'project', project_id)
  await remove(work.tx, project_id)
  await work.record({
    type: 'project.deleted',
    entity_type: 'project',
    entity_id: project_id,
    project_id,
    payload: { name: project.name },
  })
  return project
})
