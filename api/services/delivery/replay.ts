import {
  replayDeliveries as allCommand,
  replayDelivery as command,
} from '../../commands/deliveries.ts'
import type { EventDelivery } from '../../core/entities/delivery.ts'
import { found } from '../../core/errors.ts'
import type { NewEvent } from '../../core/events/catalogue.ts'
import { findDelivery, unpark } from '../../store/parked.ts'
import { mutation } from '../mutation.ts'

export const replayDelivery = mutation(command, async (work, { event_id, handler }) => {
  const [replayed] = await unpark(work.tx, { eventId: event_id, handler })
  if (replayed) await work.record(told(replayed))
  else work.nothingChanged()
  // What waits already needs no help; what is not there is settled, or never was.
  const delivery = await findDelivery(work.tx, event_id, handler)
  return found(delivery, `unsettled delivery to ${handler} of event`, event_id)
})

export const replayDeliveries = mutation(allCommand, async (work, { handler }) => {
  const replayed = await unpark(work.tx, { handler })
  await work.record(...replayed.map(told))
  if (replayed.length === 0) work.nothingChanged()
  return { replayed: replayed.length }
})

const told = (delivery: Omit<EventDelivery, 'state'>): NewEvent => ({
  type: 'delivery.replayed',
  entity_type: 'event',
  entity_id: delivery.event_id,
  project_id: delivery.project_id,
  sprint_id: delivery.sprint_id,
  protocol_run_id: delivery.protocol_run_id,
  payload: { event_type: delivery.event_type, handler: delivery.handler },
})
