/** Lets a fixed number of tasks run at once; the rest wait in the order they came. */
export class Limiter {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(places: number) {
    this.#free = places
  }

  /** @throws the signal's reason when it is aborted while the task still waits */
  async run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#free > 0) this.#free--
    else await this.#place(signal)
    try {
      return await task()
    } finally {
      const [next] = this.#waiting
      if (next) next()
      else this.#free++
    }
  }

  /** Resolves when a place is handed over. */
  #place(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(enter)
        signal.removeEventListener('abort', give)
      }
      const enter = () => {
        leave()
        resolve()
      }
      const give = () => {
        leave()
        reject(signal.reason)
      }
      this.#waiting.add(enter)
      signal.addEventListener('abort', give, { once: true })
      if (signal.aborted) give()
    })
  }
}
