import { updateProtocol as command } from '../../commands/protocols.ts'
import { conflict, found } from '../../core/errors.ts'
import { lockProtocol, updateProtocol as save } from '../../store/protocols.ts'
import { mutation } from '../mutation.ts'
import { saveChanges } from '../save-changes.ts'

export const updateProtocol = mutation(command, async (work, { protocol_id, ...wanted }) => {
  const run = found(await lockProtocol(work.tx, protocol_id), 'protocol', protocol_id)
  const job = wanted.flow_job_id
  if (run.execution === 'running' && job !== undefined && job !== run.flow_job_id) {
    throw conflict(
      'run_is_executed',
      `The job ${run.flow_job_id} is executing the run; take it over with POST /protocols/${run.id}/actions/execute.`,
    )
  }
  return saveChanges(work, run, wanted, save, (changes) => [
    {
      type: 'protocol.updated',
      entity_type: 'protocol',
      entity_id: protocol_id,
      project_id: run.project_id,
      sprint_id: run.linked_sprint_id,
      protocol_run_id: protocol_id,
      payload: { changes },
    },
  ])
})
