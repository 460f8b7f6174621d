import {
  syncFromProtocol as fromCommand,
  getProtocolSprint as sprintCommand,
  syncToSprint as toCommand,
} from '../../commands/links.ts'
import { conflict, found, notFound } from '../../core/errors.ts'
import { findProtocol, lockProtocol, protocolOfSprint } from '../../store/protocols.ts'
import { findSprint } from '../../store/sprints.ts'
import { refuseWhileOff } from '../integration.ts'
import { mutation } from '../mutation.ts'
import { query } from '../query.ts'
import type { Work } from '../runtime.ts'
import { refuseClosed } from '../sprint/guard.ts'
import { didNothing, lockCardsOfRun, syncRun } from './sync.ts'

async function sync(work: Work, runId: number, createMissing: boolean) {
  const run = found(await lockProtocol(work.tx, runId), 'protocol', runId)
  await refuseWhileOff(work, run.project_id)
  if (run.linked_sprint_id === null) {
    throw conflict(
      'run_has_sprint',
      `Protocol run ${runId} has no sprint; create one (POST /protocols/${runId}/actions/create-sprint) or link one.`,
    )
  }
  const { sprints } = await lockCardsOfRun(work, run, run.linked_sprint_id)
  refuseClosed(found(sprints.get(run.linked_sprint_id), 'sprint', run.linked_sprint_id))
  const report = await syncRun(work, run, run.linked_sprint_id, createMissing)
  if (didNothing(report)) work.nothingChanged()
  return report
}

export const syncToSprint = mutation(toCommand, (work, input) =>
  sync(work, input.protocol_id, input.create_missing_tasks),
)

export const syncFromProtocol = mutation(fromCommand, async (work, input) => {
  const sprint = found(await findSprint(work.tx, input.sprint_id), 'sprint', input.sprint_id)
  await refuseWhileOff(work, sprint.project_id)
  const run = await protocolOfSprint(work.tx, sprint.id)
  if (!run) {
    throw conflict(
      'sprint_has_run',
      `Sprint ${sprint.code} is not linked to a protocol run; link one (POST /sprints/${sprint.id}/actions/link-protocol).`,
    )
  }
  return sync(work, run.id, input.create_missing_tasks)
})

export const getProtocolSprint = query(sprintCommand, async ({ db }, { protocol_id }) => {
  const run = found(await findProtocol(db, protocol_id), 'protocol', protocol_id)
  if (run.linked_sprint_id === null) throw notFound('sprint of protocol', protocol_id)
  return found(await findSprint(db, run.linked_sprint_id), 'sprint', run.linked_sprint_id)
})
