import type { ChildProcess } from 'node:child_process'

/** What the engine sends to a worker, once. */
export type StepOrder = {
  url: string
  /** The exported function to call. */
  entrypoint: string
  parameters: { name: string; isDate: boolean }[]
  /** The arguments, as JSON. */
  args: string
  env: Record<string, string>
}

/** What a worker sends back: logs and children while it runs, then one end. */
export type StepReport =
  | { type: 'ready' }
  | { type: 'log'; text: string }
  | { type: 'child'; pid: number }
  | { type: 'done'; result: string }
  | { type: 'failed'; name: string; message: string; stack: string }

/**
 * The whole program of a worker. It is handed over as text, since neither a bundle nor a test
 * runner leaves a file that a worker could load: it must not use anything from outside itself.
 */
export function stepWorker(
  require: NodeJS.Require,
  importModule: (url: string) => Promise<Record<string, unknown>>,
): void {
  const { parentPort } = require('node:worker_threads') as typeof import('node:worker_threads')
  const { ChildProcess: Child } = require('node:child_process') as {
    ChildProcess: { prototype: { spawn(this: ChildProcess, ...rest: unknown[]): unknown } }
  }
  if (!parentPort) throw new Error('a step worker runs in a worker thread only')
  const port = parentPort
  const report = (message: StepReport) => port.postMessage(message)

  const capture = (stream: NodeJS.WriteStream) => {
    const write = (
      chunk: string | Uint8Array,
      encoding?: BufferEncoding | (() => void),
      done?: () => void,
    ): boolean => {
      const given = typeof encoding === 'string' ? encoding : undefined
      report({
        type: 'log',
        text: typeof chunk === 'string' && given !== 'hex' ? chunk : Buffer.from(chunk).toString(),
      })
      const callback = typeof encoding === 'function' ? encoding : done
      if (callback) queueMicrotask(callback)
      return true
    }
    stream.write = write as typeof stream.write
  }
  capture(process.stdout)
  capture(process.stderr)

  // Terminating a thread leaves its children behind, so the engine has to know them.
  const spawn = Child.prototype.spawn
  Child.prototype.spawn = function (this: ChildProcess, ...rest: unknown[]) {
    const result = spawn.apply(this, rest)
    if (this.pid !== undefined) report({ type: 'child', pid: this.pid })
    return result
  }

  const toJson = (value: unknown) =>
    JSON.stringify(value === undefined ? null : value, (_key, item) =>
      typeof item === 'bigint' ? item.toString() : item,
    ) ?? 'null'

  const describe = (thrown: unknown) => {
    const error = thrown as
      | { name?: unknown; message?: unknown; stack?: unknown }
      | null
      | undefined
    const isError = typeof error === 'object' && error !== null && typeof error.message === 'string'
    return {
      name: isError && typeof error.name === 'string' ? error.name : 'Error',
      message: isError ? String(error.message) : `thrown: ${toJson(thrown)}`,
      stack: isError && typeof error.stack === 'string' ? error.stack : '',
    }
  }

  const run = async (order: StepOrder) => {
    Object.assign(process.env, order.env)
    const module = await importModule(order.url)
    const called = module[order.entrypoint]
    if (typeof called !== 'function') {
      throw new TypeError(`the script exports no ${order.entrypoint} function`)
    }
    const args = JSON.parse(order.args) as Record<string, unknown>
    const values = order.parameters.map(({ name, isDate }) => {
      const value = Object.hasOwn(args, name) ? args[name] : undefined
      return isDate && (typeof value === 'string' || typeof value === 'number')
        ? new Date(value)
        : value
    })
    return toJson(await called(...values))
  }

  process.setSourceMapsEnabled(true)

  port.once('message', (order: StepOrder) => {
    run(order).then(
      (result) => report({ type: 'done', result }),
      (thrown) => report({ type: 'failed', ...describe(thrown) }),
    )
  })
  report({ type: 'ready' })
}
