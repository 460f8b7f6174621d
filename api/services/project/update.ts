import { updateProject as command } from '../../commands/projects.ts'
import { found } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { lockProject, updateProject as save } from '../../store/projects.ts'
import { mutation } from '../mutation.ts'
import { checkLocation } from './location.ts'

export const updateProject = mutation(command, async (work, { project_id, ...wanted }) => {
  await checkLocation(work, wanted.local_path)
  const before = found(await lockProject(work.tx, project_id), 'project', project_id)
  const settings = wanted.settings && { ...before.settings, ...wanted.settings }
  const changes = changesBetween(before, settings ? { ...wanted, settings } : wanted)
  if (!changes) {
    work.nothingChanged()
    return before
  }
  const after = await save(work.tx, project_id, changes.values)
  await work.record({
    type: 'project.updated',
    entity_type: 'project',
    entity_id: project_id,
    project_id,
    payload: { changes: changes.told },
  })
  return after
})
