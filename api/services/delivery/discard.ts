import { discardDelivery as command } from '../../commands/deliveries.ts'
import { conflict, found } from '../../core/errors.ts'
import { discardParked, findDelivery } from '../../store/parked.ts'
import { mutation } from '../mutation.ts'

export const discardDelivery = mutation(command, async (work, { event_id, handler, reason }) => {
  const discarded = await discardParked(work.tx, event_id, handler)
  if (!discarded) {
    const delivery = await findDelivery(work.tx, event_id, handler)
    found(delivery, `unsettled delivery to ${handler} of event`, event_id)
    throw conflict(
      'delivery_is_parked',
      'This work is still being tried; only parked work is given up.',
    )
  }
  const { event_type, attempts, error } = discarded
  await work.record({
    type: 'delivery.discarded',
    entity_type: 'event',
    entity_id: event_id,
    project_id: discarded.project_id,
    sprint_id: discarded.sprint_id,
    protocol_run_id: discarded.protocol_run_id,
    payload: { event_type, handler, attempts, error, reason },
  })
  return discarded
})
