import type { Sql } from 'postgres'
import type { Masks } from '../masks.ts'
import { appendLog } from '../store/logs.ts'

const FLUSH_MS = 300
const MAX_CHARS = 1_000_000
/** A line this long is written before it ends. */
const MAX_HELD = 64_000

/** Collects what a step prints, hides secrets, and writes it down while the step runs. */
export class StepLog {
  readonly #sql: Sql
  readonly #jobId: string
  readonly #id: string
  readonly #masks: Masks
  #pending = ''
  #written = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(sql: Sql, jobId: string, id: string, masks: Masks) {
    this.#sql = sql
    this.#jobId = jobId
    this.#id = id
    this.#masks = masks
  }

  add(text: string): void {
    if (this.#written + this.#pending.length > MAX_CHARS) return
    this.#pending += text
    if (this.#timer) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      // Up to the last whole line: a secret that is still being printed must not slip through.
      const end =
        this.#pending.length > MAX_HELD ? this.#pending.length : this.#pending.lastIndexOf('\n') + 1
      this.#writing = this.#writing.then(() => this.#write(end))
      // A failed write is thrown by close().
      this.#writing.catch(() => undefined)
    }, FLUSH_MS)
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#writing
    await this.#write(this.#pending.length)
  }

  async #write(end: number): Promise<void> {
    let text = this.#masks.apply(this.#pending.slice(0, end))
    this.#pending = this.#pending.slice(end)
    if (text === '') return
    const room = MAX_CHARS - this.#written
    const truncated = text.length > room
    if (truncated) text = `${text.slice(0, room)}\n[the rest of the log was cut]\n`
    this.#written += text.length
    await appendLog(this.#sql, this.#jobId, this.#id, text, truncated)
  }
}
