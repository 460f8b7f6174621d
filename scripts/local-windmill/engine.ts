import { randomUUID } from 'node:crypto'
import postgres, { type Sql } from 'postgres'
import { isOutage } from '../../api/core/outage.ts'
import { Bell } from './bell.ts'
import type { Machinery } from './flow/job-run.ts'
import { runJob } from './flow/run-job.ts'
import { Interruption, type InterruptionReason } from './interruption.ts'
import { errorResult } from './job-error.ts'
import { JobWatch } from './job-watch.ts'
import { Parked } from './parked.ts'
import { claimJobs, releaseJob } from './store/claim.ts'
import {
  CHANNEL,
  canceledAmong,
  completeJob,
  findJob,
  forgetJobs,
  type JobRow,
} from './store/jobs.ts'
import { endOpenSteps } from './store/steps.ts'
import { parkJob } from './store/suspensions.ts'

const POLL_MS = 1000
/** Flows are cheap while they wait; what runs code is bounded elsewhere. */
const MAX_JOBS = 200
/** After a fault of the engine itself, a job rests before it is tried again. */
const REST_MS = 5000
/** As long as a Windmill server does where nobody says otherwise. */
const KEEP_DAYS = 30
const SWEEP_MS = 60 * 60 * 1000
const SWEPT_AT_ONCE = 500

type Running = { abort: AbortController; bell: Bell; done: Promise<void> }

/** Takes jobs, runs them, and lets go of them when its process or its connection ends. */
export class Engine {
  readonly watch: JobWatch
  readonly #machinery: Machinery
  readonly #owner = randomUUID()
  readonly #locks: Sql
  readonly #stopping: AbortController
  readonly #running = new Map<string, Running>()
  #timer: NodeJS.Timeout | undefined
  #claiming: Promise<void> | undefined
  #claimAgain = false
  #sweepAt = 0

  constructor(machinery: Machinery, databaseUrl: string, stopping: AbortController) {
    this.#stopping = stopping
    this.#machinery = machinery
    this.watch = new JobWatch(machinery.sql)
    // The locks live and die with this one connection, so nothing may recycle it.
    this.#locks = postgres(databaseUrl, {
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      onnotice: () => undefined,
      connection: { application_name: 'local-windmill locks' },
      onclose: () => this.#abortAll('lost'),
    })
  }

  async start(): Promise<void> {
    for (const sql of [this.#machinery.sql, this.#locks]) {
      await sql`select 1`
      // Known by now: a later connection that is lost while it reads them would end the process.
      sql.options.fetch_types = false
    }
    await this.#machinery.sql.listen(
      CHANNEL,
      (payload) => this.#hear(payload),
      () => this.wake(),
    )
    this.#timer = setInterval(() => void this.#poll(), POLL_MS)
    this.wake()
  }

  /** Looks for jobs now. */
  wake(): void {
    if (this.closing) return
    if (this.#claiming) {
      this.#claimAgain = true
      return
    }
    this.#claiming = this.#claim()
      .catch((error) => this.#machinery.log.error({ err: error }, 'jobs could not be claimed'))
      .finally(() => {
        this.#claiming = undefined
        if (this.#claimAgain) {
          this.#claimAgain = false
          this.wake()
        }
      })
  }

  /** Lets running steps end for a moment, begins none, and leaves the rest to the next engine. */
  async close(drainMs: number): Promise<void> {
    this.#stopping.abort(new Interruption('closing'))
    clearInterval(this.#timer)
    await this.#claiming
    const all = Promise.all([...this.#running.values()].map(({ done }) => done))
    const drained = new AbortController()
    await Promise.race([all, pause(drainMs, drained.signal)])
    drained.abort()
    this.#abortAll('closing')
    await all
    await this.#locks.end({ timeout: 2 })
  }

  get closing(): boolean {
    return this.#stopping.signal.aborted
  }

  async #claim(): Promise<void> {
    const room = MAX_JOBS - this.#running.size
    if (room <= 0) return
    const { workspace } = this.#machinery
    const ids = [...this.#running.keys()]
    for (const job of await claimJobs(this.#locks, workspace, this.#owner, ids, room))
      this.#run(job)
  }

  #run(job: JobRow): void {
    const abort = new AbortController()
    const bell = new Bell()
    const done = this.#runToEnd(job, abort, bell)
    this.#running.set(job.id, { abort, bell, done })
  }

  async #runToEnd(job: JobRow, abort: AbortController, bell: Bell): Promise<void> {
    const { sql } = this.#machinery
    const log = this.#machinery.log.child({ job: job.id, path: job.path })
    try {
      if (job.canceled_by !== null) throw new Interruption('canceled')
      const outcome = await runJob(this.#machinery, job, abort.signal, bell)
      await completeJob(sql, job, { ...outcome, skipped: outcome.stopped && outcome.skipped })
      log.debug({ success: outcome.success }, 'job ended')
    } catch (error) {
      await this.#handle(error, job).catch((fault) => {
        log.error({ err: fault }, 'the job could not be ended; it will be tried again')
        return pause(REST_MS, abort.signal)
      })
    } finally {
      this.#running.delete(job.id)
      // Where the connection is gone, so is the lock.
      await releaseJob(this.#locks, job.id).catch((error) =>
        log.debug({ err: error }, 'the lock went with its connection'),
      )
      this.wake()
    }
  }

  async #handle(error: unknown, job: JobRow): Promise<void> {
    const { sql } = this.#machinery
    if (error instanceof Parked) return parkJob(sql, job, error.until, error.seen)
    if (error instanceof Interruption) {
      if (error.reason !== 'canceled') return
      const result = errorResult({ name: 'Canceled', message: await this.#whyCanceled(job) })
      await endOpenSteps(sql, job.id, result)
      await completeJob(sql, job, { success: false, skipped: false, result })
      return
    }
    // The database may be away for a moment: the job stays open and is taken up again.
    if (isOutage(error)) throw error
    this.#machinery.log.error({ err: error, job: job.id }, 'the engine failed over a job')
    const message = error instanceof Error ? error.message : String(error)
    const result = errorResult({ name: 'InternalError', message })
    await completeJob(sql, job, { success: false, skipped: false, result })
  }

  async #whyCanceled(job: JobRow): Promise<string> {
    const row = await findJob(this.#machinery.sql, job.workspace, job.id)
    return `Job canceled: ${row?.canceled_reason ?? 'no reason given'} by ${row?.canceled_by ?? 'nobody'}`
  }

  #hear(payload: string): void {
    const [verb, id = ''] = payload.split(':')
    if (verb === 'queued') this.wake()
    if (verb === 'answered') {
      this.#running.get(id)?.bell.ring()
      this.wake()
    }
    if (verb === 'completed') this.watch.notice(id)
    if (verb === 'canceled') {
      this.#abort(id, 'canceled')
      this.wake()
    }
  }

  async #poll(): Promise<void> {
    this.wake()
    try {
      await this.watch.poll()
      await this.#sweep()
      const ids = [...this.#running.keys()]
      if (ids.length === 0) return
      for (const id of await canceledAmong(this.#machinery.sql, ids)) this.#abort(id, 'canceled')
    } catch (error) {
      this.#machinery.log.error({ err: error }, 'the engine could not look for changes')
    }
  }

  /** Forgets what ended long ago, a batch each time: schedules leave a job every few minutes. */
  async #sweep(): Promise<void> {
    if (Date.now() < this.#sweepAt) return
    this.#sweepAt = Date.now() + SWEEP_MS
    const { sql, workspace, bundler } = this.#machinery
    await bundler.sweep()
    const forgotten = await forgetJobs(sql, workspace, KEEP_DAYS, SWEPT_AT_ONCE)
    if (forgotten === SWEPT_AT_ONCE) this.#sweepAt = 0
  }

  #abort(id: string, reason: InterruptionReason): void {
    this.#running.get(id)?.abort.abort(new Interruption(reason))
  }

  #abortAll(reason: InterruptionReason): void {
    for (const id of this.#running.keys()) this.#abort(id, reason)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
