/** What is told as an alert, and from where on. */
export const alertLimits = {
  /** Seconds an answer may take. */
  slow_request: 2,
  /** Seconds since the oldest event that a handler has still to work on. */
  handler_behind: 2,
  /** Deliveries that were given up. */
  delivery_parked: 0,
} as const
export type AlertRule = keyof typeof alertLimits

/** An alert of one rule about one subject is told this often at most, in seconds. */
export const alertEvery = 60

/** Requests that take their time by nature: they move months of events, or read every revision. */
export const longRequests: readonly string[] = [
  '/events/actions/archive',
  '/revisions/verification',
]
