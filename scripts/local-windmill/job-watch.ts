import type { Sql } from 'postgres'
import { endedAmong } from './store/jobs.ts'

/** Lets callers wait for jobs to end, whichever engine runs them. */
export class JobWatch {
  readonly #sql: Sql
  readonly #waiting = new Map<string, Set<() => void>>()

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Resolves once the job has ended, or the signal is aborted. */
  async ended(id: string, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const waiters = this.#waiting.get(id) ?? new Set()
      this.#waiting.set(id, waiters)
      const leave = () => {
        waiters.delete(leave)
        if (waiters.size === 0) this.#waiting.delete(id)
        signal.removeEventListener('abort', leave)
        resolve()
      }
      waiters.add(leave)
      signal.addEventListener('abort', leave, { once: true })
      if (signal.aborted) leave()
      // It may have ended before anybody waited for it.
      endedAmong(this.#sql, [id]).then((ended) => {
        if (ended.length > 0) leave()
      }, reject)
    })
  }

  notice(id: string): void {
    for (const leave of [...(this.#waiting.get(id) ?? [])]) leave()
  }

  /** Catches what a lost notification did not tell. */
  async poll(): Promise<void> {
    const ids = [...this.#waiting.keys()]
    if (ids.length === 0) return
    for (const id of await endedAmong(this.#sql, ids)) this.notice(id)
  }
}
