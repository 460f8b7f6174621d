import { createView as command } from '../../commands/views.ts'
import { found } from '../../core/errors.ts'
import { findProject } from '../../store/projects.ts'
import { insertView } from '../../store/views.ts'
import { mutation } from '../mutation.ts'

export const createView = mutation(command, async (work, input) => {
  found(await findProject(work.tx, input.project_id), 'project', input.project_id)
  const view = await insertView(work.tx, { ...input, created_by: work.caller.actor })
  await work.record({
    type: 'view.created',
    entity_type: 'view',
    entity_id: view.id,
    project_id: view.project_id,
    payload: { name: view.name },
  })
  return view
})
