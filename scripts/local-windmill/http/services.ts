import type { Engine } from '../engine.ts'
import type { Machinery } from '../flow/job-run.ts'
import type { HttpTriggers } from '../triggers/http-triggers.ts'
import type { Scheduler } from '../triggers/scheduler.ts'

/** What the routes work with. */
export type Services = {
  machinery: Machinery
  engine: Engine
  scheduler: Scheduler
  httpTriggers: HttpTriggers
  maxBodyBytes: number
  instanceKey: string | undefined
}
