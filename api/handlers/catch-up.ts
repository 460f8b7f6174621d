import { catalogue } from '../core/events/catalogue.ts'
import { catchUpWith } from '../services/link/catch-up.ts'
import { lockProtocol } from '../store/protocols.ts'
import type { Handler } from './handler.ts'
import { startSprintFlow } from './protocol-to-sprint.ts'

/**
 * The integration is on again for a run that moved meanwhile: it gets the sprint it would have
 * got, or its steps and cards are brought together. A run that has ended without a sprint needs
 * none any more.
 */
export const catchUp: Handler = {
  name: 'catch_up',
  takes: 'one',
  atOnce: 2,
  async handle(work, [event]) {
    const { moved } = catalogue['protocol.sync_resumed'].parse(event.payload)
    const run = await lockProtocol(work.tx, event.entity_id)
    if (!run) return
    if (run.linked_sprint_id !== null) return catchUpWith(work, run, moved)
    if (['completed', 'cancelled'].includes(run.status)) return
    await startSprintFlow(work, run, event)
  },
}
