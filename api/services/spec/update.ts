import { updateSpec as command } from '../../commands/specs.ts'
import { found } from '../../core/errors.ts'
import { lockSpec, updateSpec as save } from '../../store/specs.ts'
import { mutation } from '../mutation.ts'
import { saveChanges } from '../save-changes.ts'
import { specFolder } from './path.ts'

export const updateSpec = mutation(command, async (work, { spec_id, ...wanted }) => {
  const spec = found(await lockSpec(work.tx, spec_id), 'spec', spec_id)
  const path = wanted.path === undefined ? undefined : specFolder(wanted.path)
  return saveChanges(work, spec, { ...wanted, path }, save, (changes) => [
    {
      type: 'spec.updated',
      entity_type: 'spec',
      entity_id: spec_id,
      project_id: spec.project_id,
      payload: { changes },
    },
  ])
})
