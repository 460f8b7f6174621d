import { type HandlerName, handlerNames } from '../core/events/subscriptions.ts'
import { type Runtime, system, workIn } from '../services/runtime.ts'
import type { Tx } from '../store/database.ts'
import {
  type Delivery,
  dueQueues,
  headOfQueue,
  park,
  postpone,
  settle,
  takeQueue,
} from '../store/deliveries.ts'
import { listenForEvents } from '../store/listen.ts'
import { transaction } from '../store/transaction.ts'
import type { Handler } from './handler.ts'
import { protocolToSprint } from './protocol-to-sprint.ts'
import { stepToTask } from './step-to-task.ts'
import { taskToVelocity } from './task-to-velocity.ts'

const handlers: Record<HandlerName, Handler> = {
  step_to_task: stepToTask,
  task_to_velocity: taskToVelocity,
  protocol_to_sprint: protocolToSprint,
}

/** Tries before a delivery is parked; the wait doubles from a second, so about two minutes. */
const maxAttempts = 8
const batchSize = 100
const parallelQueues = 4

/**
 * Hands events to their handlers: a queue at a time, in order, at least once. Any number of
 * processes may do so on one database; each queue is served by one of them at a time.
 */
export async function startDispatcher(runtime: Runtime): Promise<() => Promise<void>> {
  let stopped = false
  let hinted = false
  let running: Promise<void> | null = null

  const passes = async () => {
    while (hinted && !stopped) {
      hinted = false
      const queues = await dueQueues(runtime.db)
      const served = await inParallel(queues, (queue) => serveQueue(runtime, queue))
      if (served.some(Boolean)) hinted = true
    }
  }
  const wake = () => {
    hinted = true
    running ??= passes()
      .catch((error: unknown) => runtime.log.error({ err: error }, 'handing out events failed'))
      .finally(() => {
        running = null
      })
  }
  const unlisten = await listenForEvents(runtime.db, wake)
  return async () => {
    stopped = true
    await unlisten()
    await running
  }
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const rest = items.values()
  const worker = async () => {
    for (const item of rest) results.push(await work(item))
  }
  await Promise.all(Array.from({ length: parallelQueues }, worker))
  return results
}

/** Serves the head of a queue in one transaction; true where that settled anything. */
async function serveQueue(runtime: Runtime, queue: string): Promise<boolean> {
  try {
    return await transaction(runtime.db, async (tx) => {
      if (!(await takeQueue(tx, queue))) return false
      const head = await headOfQueue(tx, queue, batchSize)
      const due = head.findIndex((delivery) => !delivery.due)
      const batch = due === -1 ? head : head.slice(0, due)
      return handleBatch(runtime, tx, queue, batch)
    })
  } catch (error) {
    // Nothing was marked: the poll finds the queue again.
    runtime.log.error({ err: error, queue }, 'serving a queue failed')
    return false
  }
}

async function handleBatch(
  runtime: Runtime,
  tx: Tx,
  queue: string,
  batch: readonly Delivery[],
): Promise<boolean> {
  const name = handlerNames.find((it) => queue.startsWith(`${it}:`))
  if (!name) throw new Error(`no handler serves the queue ${queue}`)
  const handler = handlers[name]
  const settled: number[] = []
  for (const delivery of handler.coalesce ? newestOf(batch, settled) : batch) {
    const error = await attempt(runtime, tx, handler, delivery)
    if (error === null) {
      settled.push(delivery.id)
      continue
    }
    const attempts = delivery.attempts + 1
    runtime.log.warn({ err: error, queue, event: delivery.id, attempts }, 'a handler failed')
    const failed = { attempts, error: error instanceof Error ? error.message : String(error) }
    if (attempts >= maxAttempts) {
      await park(tx, queue, delivery.id, failed)
      continue
    }
    await settle(tx, queue, settled)
    await postpone(tx, queue, delivery.id, failed, 2 ** (attempts - 1))
    return settled.length > 0
  }
  await settle(tx, queue, settled)
  return batch.length > 0
}

/** The newest delivery stands for the batch, with the tries of all: the others are settled by it. */
function newestOf(batch: readonly Delivery[], settled: number[]): Delivery[] {
  const newest = batch.at(-1)
  if (!newest) return []
  settled.push(...batch.slice(0, -1).map((delivery) => delivery.id))
  return [{ ...newest, attempts: Math.max(...batch.map((delivery) => delivery.attempts)) }]
}

/** Null when the handler did its work; its error otherwise, with its work undone. */
async function attempt(
  runtime: Runtime,
  tx: Tx,
  handler: Handler,
  delivery: Delivery,
): Promise<unknown> {
  try {
    await tx.savepoint((inner) =>
      handler.handle(
        workIn(inner as Tx, runtime, system(delivery.correlation_id, delivery.id)),
        delivery,
      ),
    )
    return null
  } catch (error) {
    return error
  }
}
