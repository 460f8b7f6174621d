import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { forgetListeners } from '../runner/forget-listeners.ts'
import { threadSource } from '../runner/thread-source.ts'
import { type Answer, type Question, quickjsThread } from './quickjs-thread.ts'

export type ExpressionLimits = { timeoutMs: number; memoryBytes: number }

/** Beyond the limit inside QuickJS, for what that limit cannot interrupt. */
const GRACE_MS = 500

/** One thread that answers one question at a time, and is replaced when it gets stuck. */
export class ExpressionThread {
  readonly #limits: ExpressionLimits
  #worker: Worker | undefined
  #queue: Promise<unknown> = Promise.resolve()
  /** Questions asked and not answered. */
  load = 0

  constructor(limits: ExpressionLimits) {
    this.#limits = limits
    this.#worker = this.#start()
  }

  async ask(question: Question): Promise<Answer> {
    this.load++
    const turn = this.#queue.then(() => this.#askNow(question))
    this.#queue = turn.then(
      () => this.load--,
      () => this.load--,
    )
    return turn
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  async #askNow(question: Question): Promise<Answer> {
    this.#worker ??= this.#start()
    const worker = this.#worker
    worker.ref()
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise<Answer>((resolve, reject) => {
        worker.once('message', resolve)
        worker.once('error', reject)
        worker.once('exit', () => reject(new Error('the expression thread ended')))
        const { timeoutMs } = this.#limits
        timer = setTimeout(
          () => reject(new Error(`it took longer than ${timeoutMs / 1000} s`)),
          timeoutMs + GRACE_MS,
        )
        worker.postMessage(question)
      })
    } catch (error) {
      this.#worker = undefined
      forgetListeners(worker)
      worker.on('error', () => undefined)
      await worker.terminate()
      throw error
    } finally {
      clearTimeout(timer)
      forgetListeners(worker)
      worker.on('error', () => this.#forget(worker))
      worker.unref()
    }
  }

  /** A machine that breaks after its answer, while it is taken apart, is not used again. */
  #forget(worker: Worker): void {
    if (this.#worker === worker) this.#worker = undefined
  }

  #start(): Worker {
    const modulePath = createRequire(import.meta.url).resolve('quickjs-emscripten')
    const worker = new Worker(threadSource(quickjsThread), {
      eval: true,
      name: 'windmill-expressions',
      env: {},
      execArgv: [],
      workerData: { modulePath, ...this.#limits },
    })
    worker.on('error', () => this.#forget(worker))
    worker.unref()
    return worker
  }
}
