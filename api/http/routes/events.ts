import { discardDelivery } from '../../services/delivery/discard.ts'
import { listDeliveries } from '../../services/delivery/list.ts'
import { replayDeliveries, replayDelivery } from '../../services/delivery/replay.ts'
import { correlationActivity, sessionActivity } from '../../services/event/activity.ts'
import { archiveEvents } from '../../services/event/archive.ts'
import { listArchives } from '../../services/event/archived.ts'
import { listEvents } from '../../services/event/list.ts'
import { eventStats } from '../../services/event/stats.ts'
import { eventTimeline } from '../../services/event/timeline.ts'

export const events = [
  listEvents,
  eventTimeline,
  eventStats,
  sessionActivity,
  correlationActivity,
  listArchives,
  archiveEvents,
  listDeliveries,
  replayDeliveries,
  replayDelivery,
  discardDelivery,
]
