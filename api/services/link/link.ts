import { linkProtocol as command } from '../../commands/links.ts'
import type { ProtocolRun } from '../../core/entities/protocol.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import { conflict, found } from '../../core/errors.ts'
import { lockProtocol, protocolOfSprint, updateProtocol } from '../../store/protocols.ts'
import { lockSprint } from '../../store/sprints.ts'
import { refuseWhileOff } from '../integration.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { refuseClosed, sameProject } from '../sprint/guard.ts'
import { syncRun } from './sync.ts'

export const linkProtocol = mutation(command, async (work, input) => {
  const run = found(
    await lockProtocol(work.tx, input.protocol_run_id),
    'protocol',
    input.protocol_run_id,
  )
  const sprint = found(await lockSprint(work.tx, input.sprint_id), 'sprint', input.sprint_id)
  sameProject(`Protocol run ${run.id}`, run.project_id, sprint.project_id)
  await refuseWhileOff(work, run.project_id)
  if (run.linked_sprint_id === sprint.id) {
    work.nothingChanged()
    return run
  }
  refuseClosed(sprint)
  await refuseLinked(work, run, sprint)
  const linked = await linkRun(work, run, sprint)
  if (input.auto_sync) await syncRun(work, linked, sprint.id, true)
  return linked
})

/** Links a locked run to a sprint of its project. The database refuses a second link of either. */
export async function linkRun(work: Work, run: ProtocolRun, sprint: Sprint): Promise<ProtocolRun> {
  const linked = await updateProtocol(work.tx, run.id, { linked_sprint_id: sprint.id })
  await work.record({
    type: 'protocol.sprint_linked',
    entity_type: 'protocol',
    entity_id: run.id,
    project_id: run.project_id,
    sprint_id: sprint.id,
    protocol_run_id: run.id,
    payload: { sprint_id: sprint.id },
  })
  return linked
}

async function refuseLinked(work: Work, run: ProtocolRun, sprint: Sprint): Promise<void> {
  if (run.linked_sprint_id !== null) {
    throw conflict(
      'one_sprint_per_protocol_run',
      `Protocol run ${run.id} is linked to sprint ${run.linked_sprint_id}; a run has one sprint.`,
    )
  }
  const other = await protocolOfSprint(work.tx, sprint.id)
  if (other) {
    throw conflict(
      'one_protocol_run_per_sprint',
      `Sprint ${sprint.code} is linked to protocol run ${other.id}; a sprint has one protocol run at most.`,
    )
  }
}
