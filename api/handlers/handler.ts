import type { HandlerName } from '../core/events/subscriptions.ts'
import type { Work } from '../services/runtime.ts'
import type { Delivery } from '../store/deliveries.ts'

/** Thrown by a handler that has to wait for something else: its queue waits, and no try is counted. */
export class NotYet extends Error {
  readonly seconds: number

  constructor(message: string, seconds: number) {
    super(message)
    this.seconds = seconds
  }
}

/**
 * Reacts to events of one queue, in their order. Runs at least once per delivery, so it is
 * idempotent; what it does to the database commits together with the deliveries' marks.
 */
export interface Handler {
  name: HandlerName
  /**
   * What it is given at a time: one delivery; many, which it takes in few statements; or the newest
   * alone, which stands for all that wait, since it only looks at how things stand now.
   */
  takes: 'one' | 'many' | 'newest'
  /** How many queues are served at a time, each on a connection of its own. */
  atOnce: number
  /** Tries before a delivery is parked; by default what takes about two minutes. */
  tries?: number
  handle(work: Work, events: readonly [Delivery, ...Delivery[]]): Promise<void>
}
