import { updateProtocol as command } from '../../commands/protocols.ts'
import { found } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { lockProtocol, updateProtocol as save } from '../../store/protocols.ts'
import { mutation } from '../mutation.ts'

export const updateProtocol = mutation(command, async (work, { protocol_id, ...wanted }) => {
  const run = found(await lockProtocol(work.tx, protocol_id), 'protocol', protocol_id)
  const changes = changesBetween(run, wanted)
  if (!changes) {
    work.nothingChanged()
    return run
  }
  const after = await save(work.tx, protocol_id, changes.values)
  await work.record({
    type: 'protocol.updated',
    entity_type: 'protocol',
    entity_id: protocol_id,
    project_id: run.project_id,
    sprint_id: run.linked_sprint_id,
    protocol_run_id: protocol_id,
    payload: { changes: changes.told },
  })
  return after
})
