import { setTimeout as sleep } from 'node:timers/promises'
import { resumeSync } from '../services/link/resume.ts'
import { outageLog } from '../services/outage-log.ts'
import type { Runtime } from '../services/runtime.ts'
import { dueQueues } from '../store/deliveries.ts'
import { listenForEvents } from '../store/listen.ts'
import { catchUp } from './catch-up.ts'
import { changesToFiles } from './changes-to-files.ts'
import { executionToFlow } from './execution-to-flow.ts'
import type { Handler } from './handler.ts'
import { jobToProtocol } from './job-to-protocol.ts'
import { protocolToSprint } from './protocol-to-sprint.ts'
import { serveQueue } from './serve-queue.ts'
import { stepToTask } from './step-to-task.ts'
import { taskToVelocity } from './task-to-velocity.ts'
import { webhookToFlow } from './webhook-to-flow.ts'

const handlers: readonly Handler[] = [
  stepToTask,
  taskToVelocity,
  protocolToSprint,
  webhookToFlow,
  jobToProtocol,
  executionToFlow,
  catchUp,
  changesToFiles,
]

/** How long a handler may take (ms): then its work is undone, and tried again later. */
const patience = 5000
/**
 * Before a look for work (ms): whoever made the change has the answer by then, and shares the
 * processor with nothing that follows from it.
 */
const answered = 2
/** After one (ms): hints come with every commit, and a look finds them all. */
const breath = 3

/** A handler with its queues: those being served, and those to be served next. */
interface Lane {
  handler: Handler
  serving: Map<string, Promise<void>>
  next: string[]
}

export interface DispatcherOptions {
  handlers?: readonly Handler[]
  patience?: number | undefined
}

/**
 * Hands events to their handlers: a queue at a time, in order, at least once. Any number of
 * processes may do so on one database; each queue is served by one of them at a time. Each handler
 * has a lane of its own, so that one that hangs keeps none of the others waiting.
 */
export async function startDispatcher(
  runtime: Runtime,
  { handlers: known = handlers, patience: limit = patience }: DispatcherOptions = {},
): Promise<() => Promise<void>> {
  const lanes = known.map((handler): Lane => ({ handler, serving: new Map(), next: [] }))
  let stopped = false
  let hinted = false
  let looking: Promise<void> | null = null
  const outcome = outageLog(runtime.log, 'handing out events')

  const serve = async (lane: Lane, queue: string) => {
    const more = await serveQueue(runtime, lane.handler, queue, limit)
    lane.serving.delete(queue)
    if (more) wake()
    fill(lane)
  }
  const fill = (lane: Lane) => {
    while (!stopped && lane.serving.size < lane.handler.atOnce) {
      const queue = lane.next.shift()
      if (queue === undefined) return
      if (!lane.serving.has(queue)) lane.serving.set(queue, serve(lane, queue))
    }
  }
  const look = async () => {
    while (hinted && !stopped) {
      await sleep(answered)
      hinted = false
      await resumeSync(runtime)
      const due = await dueQueues(runtime.db)
      for (const lane of lanes) {
        // Queues of a handler that only a newer process knows are left to that one.
        const mine = due.filter(({ handler }) => handler === lane.handler.name)
        lane.next = mine.map(({ queue }) => queue).filter((queue) => !lane.serving.has(queue))
        fill(lane)
      }
      await sleep(breath)
    }
  }
  const wake = () => {
    hinted = true
    looking ??= look()
      .then(outcome.worked, outcome.failed)
      .finally(() => {
        looking = null
      })
  }
  const unlisten = await listenForEvents(runtime.db, wake)
  return async () => {
    stopped = true
    await unlisten()
    await looking
    await Promise.all(lanes.flatMap((lane) => [...lane.serving.values()]))
  }
}
