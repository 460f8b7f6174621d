import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Sql } from 'postgres'
import { isOutage } from '../../../api/core/outage.ts'
import {
  advanceSchedule,
  enableSchedule,
  forgetSchedules,
  insertSkippedRun,
  listScheduleRows,
  openRuns,
  planSchedule,
  type ScheduleRow,
} from '../store/schedules.ts'
import type { WorkspaceFiles } from '../workspace/workspace-files.ts'
import { checkSchedule, type Schedule } from './check-schedule.ts'
import { nextRun } from './cron.ts'
import { FileNews } from './file-news.ts'

/** Saving a file is to this engine what deploying is to a server: it takes effect within this. */
const REREAD_MS = 10_000

export type SchedulerOptions = {
  sql: Sql
  workspace: string
  files: WorkspaceFiles
  log: Logger
  /** Queues the job of one due time. A second one for the same time starts nothing. */
  startRun: (schedule: Schedule, due: Date) => Promise<unknown>
}

/** A schedule and where it stands. */
export type KnownSchedule = { schedule: Schedule; enabled: boolean; row: ScheduleRow }

/**
 * Starts a job whenever a schedule of the workspace comes due. The next due time lies in the
 * database, as on Windmill: after a rest of all engines one run is made up, and the others are not.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #news: FileNews
  #timer: NodeJS.Timeout | undefined
  #working: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.#news = new FileNews('schedule', options.log)
  }

  async start(): Promise<void> {
    await this.#exclusively(() => this.#turn())
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#working
  }

  /** All schedules that can run, as their files have them now. */
  async list(): Promise<KnownSchedule[]> {
    return this.#exclusively(async () => {
      await this.#turn()
      return this.#known()
    })
  }

  /** Turns a schedule on or off, whatever its file says. Answers false where there is none. */
  async setEnabled(path: string, enabled: boolean, by: string): Promise<boolean> {
    const { sql, workspace } = this.#options
    return this.#exclusively(async () => {
      const known = await this.#known()
      if (!known.some(({ schedule }) => schedule.path === path)) return false
      await enableSchedule(sql, workspace, path, enabled, by)
      await this.#turn()
      return true
    })
  }

  /** One after the other: a turn reads what the one before has written. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#working.then(work)
    this.#working = done.catch(() => undefined)
    return done
  }

  /** Starts what is due, and sees to it that the next turn comes in time. */
  async #turn(): Promise<void> {
    clearTimeout(this.#timer)
    let wait = REREAD_MS
    try {
      const known = await this.#known()
      for (const each of known) {
        if (this.#closed) return
        const next = await this.#runIfDue(each)
        if (next) wait = Math.min(wait, next.getTime() - Date.now())
      }
    } catch (error) {
      this.#options.log.error({ err: error }, 'the schedules could not be looked at')
      wait = 1000
    }
    if (this.#closed) return
    this.#timer = setTimeout(() => void this.#exclusively(() => this.#turn()), wait)
  }

  /** The files of the workspace and the rows of the database, brought together. */
  async #known(): Promise<KnownSchedule[]> {
    const { sql, workspace, files } = this.#options
    const found = await files.documents('schedule')
    const checked = this.#news.read(found, checkSchedule)
    const rows = new Map(
      (await listScheduleRows(sql, workspace)).map((row) => [row.path, row] as const),
    )
    const gone = [...rows.keys()].filter((path) => !found.some((file) => file.path === path))
    if (gone.length > 0) await forgetSchedules(sql, workspace, gone)
    let planned = false
    for (const schedule of checked) {
      const row = rows.get(schedule.path)
      const enabled = row?.enabled ?? schedule.enabled
      const plan = planOf(schedule, enabled)
      if (row?.plan === plan) continue
      const next = enabled ? dueAfter(schedule, new Date()) : null
      await planSchedule(sql, workspace, schedule.path, plan, next)
      planned = true
    }
    const now = planned ? await listScheduleRows(sql, workspace) : [...rows.values()]
    return checked.flatMap((schedule) => {
      const row = now.find(({ path }) => path === schedule.path)
      return row ? [{ schedule, row, enabled: row.enabled ?? schedule.enabled }] : []
    })
  }

  /** Answers when it is due next. */
  async #runIfDue({ schedule, row }: KnownSchedule): Promise<Date | null> {
    const { sql, workspace, log } = this.#options
    const due = row.next_at
    if (!due || due.getTime() > Date.now()) return due
    let fault: string | null = null
    try {
      await this.#run(schedule, due)
    } catch (error) {
      if (isOutage(error)) throw error
      fault = error instanceof Error ? error.message : String(error)
      log.error({ schedule: schedule.path, due, err: error }, 'a scheduled run could not start')
    }
    const next = dueAfter(schedule, new Date(Math.max(Date.now(), due.getTime())))
    await advanceSchedule(sql, workspace, schedule.path, due, next, fault)
    return next
  }

  async #run(schedule: Schedule, due: Date): Promise<void> {
    const { sql, workspace, startRun } = this.#options
    const { path, is_flow, no_flow_overlap } = schedule
    const open = await openRuns(sql, workspace, path, due)
    // Windmill queues the next run when a flow has begun, and when a script has ended.
    if (open.some(({ started }) => !is_flow || !started)) return
    if (!no_flow_overlap || open.length === 0) {
      await startRun(schedule, due)
      return
    }
    const others = open.map(({ id }) => id).join(', ')
    await insertSkippedRun(sql, {
      id: randomUUID(),
      workspace,
      path,
      due,
      flow: schedule.script_path,
      args: schedule.args,
      created_by: scheduleUser(path),
      result: `not allowed to overlap with ${others}, scheduling next iteration`,
    })
  }
}

/** Whom a scheduled job runs for, by the name that Windmill gives it. */
export function scheduleUser(path: string): string {
  return `schedule-${path.replaceAll('/', '-')}`
}

function dueAfter({ cron, timezone, paused_until }: Schedule, after: Date): Date | null {
  const from = paused_until && paused_until > after ? paused_until : after
  return nextRun(cron, timezone, from)
}

function planOf({ cron, timezone, paused_until }: Schedule, enabled: boolean): string {
  return JSON.stringify([cron, timezone, paused_until, enabled])
}
