import type { HandlerName } from '../core/events/subscriptions.ts'
import type { Work } from '../services/runtime.ts'
import type { Delivery } from '../store/deliveries.ts'

/**
 * Reacts to an event. Runs at least once per delivery, so it is idempotent; what it does to the
 * database commits together with the delivery's mark.
 */
export interface Handler {
  name: HandlerName
  /** Only looks at how things stand now: one run serves every delivery that waits in a queue. */
  coalesce: boolean
  handle(work: Work, event: Delivery): Promise<void>
}
