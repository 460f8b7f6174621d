import { discardDelivery } from '../../services/delivery/discard.ts'
import { listDeliveries } from '../../services/delivery/list.ts'
import { replayDeliveries, replayDelivery } from '../../services/delivery/replay.ts'
import { archiveEvents } from '../../services/event/archive.ts'
import { listArchives } from '../../services/event/archived.ts'
import { listEvents } from '../../services/event/list.ts'

export const events = [
  listEvents,
  listArchives,
  archiveEvents,
  listDeliveries,
  replayDeliveries,
  replayDelivery,
  discardDelivery,
]
