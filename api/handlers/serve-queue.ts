import { isOutage } from '../core/outage.ts'
import { type Runtime, system, workIn } from '../services/runtime.ts'
import type { Tx } from '../store/database.ts'
import {
  type Delivery,
  headOfQueue,
  hold,
  postpone,
  settle,
  takeQueue,
} from '../store/deliveries.ts'
import { attemptWithin, limitStatements, transaction } from '../store/transaction.ts'
import { giveUp } from './give-up.ts'
import { type Handler, NotYet } from './handler.ts'

/** Tries before a delivery is parked; the wait doubles from a second, so about two minutes. */
const maxAttempts = 8
/** The longest wait between two tries (s). */
const longestWait = 300
const batchSize = 200
/** Of which the newest alone is handled: a board that changed as a whole is looked at once. */
const newestOf = 20_000

/** One pass over the head of a queue, in one transaction that this process alone has the queue in. */
interface Pass {
  runtime: Runtime
  tx: Tx
  handler: Handler
  queue: string
  /** How long the handler may take at a time (ms). */
  limit: number
}

/** Serves the head of a queue; true where that settled anything, so that there may be more. */
export async function serveQueue(
  runtime: Runtime,
  handler: Handler,
  queue: string,
  limit: number,
): Promise<boolean> {
  try {
    return await transaction(runtime.db, async (tx) => {
      if (!(await takeQueue(tx, queue))) return false
      await limitStatements(tx, limit)
      const most = handler.takes === 'newest' ? newestOf : batchSize
      const head = await headOfQueue(tx, queue, most)
      const due = head.findIndex((delivery) => !delivery.due)
      const batch = due === -1 ? head : head.slice(0, due)
      return await handle({ runtime, tx, handler, queue, limit }, batch)
    })
  } catch (error) {
    // Nothing was marked: the poll finds the queue again. Of an outage it tells itself, once.
    const level = isOutage(error) ? 'debug' : 'error'
    runtime.log[level]({ err: error, queue }, 'serving a queue failed')
    return false
  }
}

async function handle(pass: Pass, batch: readonly Delivery[]): Promise<boolean> {
  const { tx, handler, queue } = pass
  const [first, ...others] = batch
  if (!first) return false
  if (handler.takes === 'newest') {
    // It stands for all of them, with the tries of all; the others are settled by it.
    const newest = others.at(-1) ?? first
    const attempts = Math.max(...batch.map((delivery) => delivery.attempts))
    return oneByOne(pass, [{ ...newest, attempts }], idsOf(batch.slice(0, -1)))
  }
  // One that has failed before is tried alone, so that the others are done without it.
  if (handler.takes === 'many' && others.length > 0 && first.attempts === 0) {
    if ((await attempt(pass, [first, ...others])) === null) {
      await settle(tx, queue, idsOf(batch))
      return true
    }
  }
  return oneByOne(pass, batch, [])
}

const idsOf = (batch: readonly Delivery[]) => batch.map((delivery) => delivery.id)

/** Handles each in its turn, until one fails or their time together is up. */
async function oneByOne(
  pass: Pass,
  batch: readonly Delivery[],
  settled: number[],
): Promise<boolean> {
  const { runtime, tx, handler, queue, limit } = pass
  const began = performance.now()
  for (const delivery of batch) {
    const error = await attempt(pass, [delivery])
    if (error === null) {
      settled.push(delivery.id)
      if (performance.now() - began > limit) break
      continue
    }
    if (error instanceof NotYet) {
      await settle(tx, queue, settled)
      await hold(tx, queue, error.seconds)
      return settled.length > 0
    }
    const attempts = delivery.attempts + 1
    runtime.log.warn({ err: error, queue, event: delivery.id, attempts }, 'a handler failed')
    const failed = { attempts, error: error instanceof Error ? error.message : String(error) }
    if (attempts < (handler.tries ?? maxAttempts)) {
      await settle(tx, queue, settled)
      await postpone(tx, queue, delivery.id, failed, Math.min(2 ** (attempts - 1), longestWait))
      return settled.length > 0
    }
    await giveUp(pass, delivery, failed)
    if (performance.now() - began > limit) break
  }
  await settle(tx, queue, settled)
  return true
}

/** Null when the handler did its work; its error otherwise, with its work undone. */
async function attempt(
  { runtime, tx, handler, limit }: Pass,
  events: readonly [Delivery, ...Delivery[]],
): Promise<unknown> {
  const [{ id, correlation_id }] = events
  try {
    await attemptWithin(tx, limit, async (inner) =>
      handler.handle(await workIn(inner, runtime, system(correlation_id, id)), events),
    )
    return null
  } catch (error) {
    return error
  }
}
