import { eventIdIn, flowJobIdOf } from '../../core/flow-job.ts'
import type { Db } from '../../store/database.ts'
import { findOrigin, findOriginByJob } from '../../store/events.ts'

export interface FlowOrigin {
  correlationId: string
  causationId: number
}

/**
 * The chain of causes that a flow belongs to: that of the event a handler started it over.
 * Undefined for a job that nobody here started.
 */
export async function originOfFlow(db: Db, jobId: string): Promise<FlowOrigin | undefined> {
  const eventId = eventIdIn(jobId)
  // Windmill makes ids of another version: those are of flows that nobody here started.
  if (eventId === null) return undefined
  const named = await findOrigin(db, eventId)
  const event = named && flowJobIdOf(named) === jobId ? named : await findOriginByJob(db, jobId)
  return event && { correlationId: event.correlation_id, causationId: event.id }
}
