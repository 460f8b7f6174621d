import { Worker } from 'node:worker_threads'
import { forgetListeners } from './forget-listeners.ts'
import { stepWorker } from './step-worker.ts'
import { threadSource } from './thread-source.ts'

export type WorkerPoolOptions = {
  /** How many stand ready. Each runs one step and is thrown away. */
  size: number
  memoryMb: number
  /** What scripts may see of the engine's environment. */
  env: Record<string, string>
}

type Waiter = { resolve(worker: Worker): void; reject(error: Error): void }

/** More at a time would take the processor from the steps that run. */
const STARTING_AT_ONCE = 2

/** Keeps workers started ahead: a thread takes longer to start than most steps to run. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions
  readonly #source = threadSource(stepWorker)
  readonly #idle: Worker[] = []
  readonly #waiting: Waiter[] = []
  #starting = 0
  #closed = false

  constructor(options: WorkerPoolOptions) {
    this.#options = options
    this.#refill()
  }

  /** A worker of one's own. It takes one order; whoever took it must terminate it. */
  take(): Promise<Worker> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#hand()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const waiter of this.#waiting.splice(0)) waiter.reject(new Error('the engine is closing'))
    await Promise.all(this.#idle.splice(0).map((worker) => worker.terminate()))
  }

  #hand(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.shift()
      if (!worker) break
      forgetListeners(worker)
      worker.ref()
      this.#waiting.shift()?.resolve(worker)
    }
    this.#refill()
  }

  #refill(): void {
    while (
      !this.#closed &&
      this.#starting < STARTING_AT_ONCE &&
      this.#idle.length + this.#starting < this.#options.size + this.#waiting.length
    ) {
      this.#start()
    }
  }

  #start(): void {
    this.#starting++
    const worker = new Worker(this.#source, {
      eval: true,
      name: 'windmill-step',
      env: this.#options.env,
      execArgv: [],
      argv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#options.memoryMb },
    })
    worker.unref()
    // The first message says that it is ready.
    worker.once('message', () => {
      this.#starting--
      forgetListeners(worker)
      if (this.#closed) return void worker.terminate()
      worker.once('error', () => this.#drop(worker))
      worker.once('exit', () => this.#drop(worker))
      this.#idle.push(worker)
      this.#hand()
    })
    worker.once('error', (error) => {
      this.#starting--
      forgetListeners(worker)
      this.#waiting.shift()?.reject(error)
    })
  }

  #drop(worker: Worker): void {
    const at = this.#idle.indexOf(worker)
    if (at >= 0) this.#idle.splice(at, 1)
  }
}
