import { updateSpec as command } from '../../commands/specs.ts'
import { found } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { lockSpec, updateSpec as save } from '../../store/specs.ts'
import { mutation } from '../mutation.ts'
import { specFolder } from './path.ts'

export const updateSpec = mutation(command, async (work, { spec_id, ...wanted }) => {
  const before = found(await lockSpec(work.tx, spec_id), 'spec', spec_id)
  const path = wanted.path === undefined ? undefined : specFolder(wanted.path)
  const changes = changesBetween(before, { ...wanted, path })
  if (!changes) {
    work.nothingChanged()
    return before
  }
  const after = await save(work.tx, spec_id, changes.values)
  await work.record({
    type: 'spec.updated',
    entity_type: 'spec',
    entity_id: spec_id,
    project_id: before.project_id,
    payload: { changes: changes.told },
  })
  return after
})
