import { updateProject as command } from '../../commands/projects.ts'
import { found } from '../../core/errors.ts'
import { countDecision } from '../../store/delegation-syncs.ts'
import { findProject, lockProject, updateProject as save } from '../../store/projects.ts'
import { mutation } from '../mutation.ts'
import { saveChanges } from '../save-changes.ts'
import { checkLocation } from './location.ts'

export const updateProject = mutation(command, async (work, { project_id, ...wanted }) => {
  await checkLocation(work, wanted.local_path)
  if (wanted.settings?.delegation !== undefined) {
    found(await findProject(work.tx, project_id), 'project', project_id)
    await countDecision(work.tx, [project_id])
  }
  const project = found(await lockProject(work.tx, project_id), 'project', project_id)
  const settings = wanted.settings && { ...project.settings, ...wanted.settings }
  return saveChanges(work, project, { ...wanted, settings }, save, (changes) => [
    {
      type: 'project.updated',
      entity_type: 'project',
      entity_id: project_id,
      project_id,
      payload: { changes },
    },
  ])
})
