import * as z from 'zod'
import { deliveryState, EventDelivery, handlerName } from '../core/entities/delivery.ts'
import { idText, name } from '../core/entities/fields.ts'
import { command, listOf, page } from './command.ts'

export const listDeliveries = command({
  name: 'delivery.list',
  summary: 'List work of handlers that is not done: waiting, or parked after its last try',
  scope: 'read',
  method: 'get',
  path: '/deliveries',
  query: z.object({ ...page, state: deliveryState.optional(), handler: handlerName.optional() }),
  output: listOf(EventDelivery),
})

export const replayDelivery = command({
  name: 'delivery.replay',
  summary: 'Give parked work to its handler again',
  scope: 'admin',
  method: 'post',
  path: '/deliveries/:event_id/:handler/actions/replay',
  params: z.object({ event_id: idText, handler: handlerName }),
  output: EventDelivery,
})

export const discardDelivery = command({
  name: 'delivery.discard',
  summary: 'Give up parked work for good; its event stays on the record',
  scope: 'admin',
  method: 'post',
  path: '/deliveries/:event_id/:handler/actions/discard',
  params: z.object({ event_id: idText, handler: handlerName }),
  body: z.strictObject({ reason: name(2000) }),
  output: EventDelivery,
})

export const replayDeliveries = command({
  name: 'delivery.replay_all',
  summary: 'Give all parked work, or that of one handler, to the handlers again',
  scope: 'admin',
  method: 'post',
  path: '/deliveries/actions/replay',
  body: z.strictObject({ handler: handlerName.optional() }),
  output: z.object({ replayed: z.int() }),
})
