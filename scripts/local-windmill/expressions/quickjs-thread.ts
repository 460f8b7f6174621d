import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from 'quickjs-emscripten'

/** What the engine asks of the thread. All values travel as JSON. */
export type Question = {
  expressions: [name: string, expr: string][]
  /** Names in scope, such as flow_input. */
  globals: Record<string, string>
  /** Results of steps by id. */
  results: Record<string, string>
  /** What `variable(path)` and `resource(path)` answer, under `variable path`. */
  lookups: Record<string, string>
}

export type Answer = {
  values: ({ name: string; json: string } | { name: string; error: string })[]
  /** Lookups that were asked for and not given: ask again with them. */
  missing: string[]
}

/**
 * The whole program of an expression thread; it must not use anything from outside itself.
 * Each question gets a fresh QuickJS machine that has no way out: no files, no network, no
 * `require`, no `process`, bounded in time and memory.
 */
export function quickjsThread(require: NodeJS.Require): void {
  const { parentPort, workerData } =
    require('node:worker_threads') as typeof import('node:worker_threads')
  if (!parentPort) throw new Error('expressions run in a worker thread only')
  const port = parentPort
  const { modulePath, timeoutMs, memoryBytes } = workerData as {
    modulePath: string
    timeoutMs: number
    memoryBytes: number
  }
  const { getQuickJS } = require(modulePath) as typeof import('quickjs-emscripten')

  // Runs inside QuickJS, before anything else: what it captures cannot be replaced afterwards.
  const PRELUDE = `(() => {
    const { parse, stringify } = JSON
    const { defineProperty, create } = Object
    const plain = (_key, value) => (typeof value === 'bigint' ? value.toString() : value)
    return {
      global(name, json) {
        let read = false
        let value
        defineProperty(globalThis, name, {
          configurable: true,
          get() {
            if (!read) value = parse(json)
            read = true
            return value
          },
        })
      },
      results(json) {
        const texts = parse(json)
        const values = create(null)
        for (const id in texts) values[id] = parse(texts[id])
        const results = new Proxy(values, { get: (all, id) => (id in all ? all[id] : null) })
        defineProperty(globalThis, 'results', { configurable: true, value: results })
      },
      lookups(find) {
        for (const kind of ['variable', 'resource']) {
          globalThis[kind] = (path) => {
            const json = find(kind + ' ' + path)
            return json === undefined ? undefined : parse(json)
          }
        }
      },
      async run(body) {
        return stringify(await body(), plain) ?? 'null'
      },
    }
  })()`

  const prepare = async () => {
    const runtime = (await getQuickJS()).newRuntime()
    runtime.setMemoryLimit(memoryBytes)
    runtime.setMaxStackSize(512 * 1024)
    const context = runtime.newContext()
    return { runtime, context, prelude: context.unwrapResult(context.evalCode(PRELUDE)) }
  }

  const call = (
    context: QuickJSContext,
    target: QuickJSHandle,
    name: string,
    args: QuickJSHandle[],
  ) => {
    const method = context.getProp(target, name)
    const result = context.callFunction(method, context.undefined, args)
    method.dispose()
    for (const arg of args) arg.dispose()
    return context.unwrapResult(result)
  }

  const describe = (error: unknown): string => {
    const { name, message } = (error ?? {}) as { name?: string; message?: string }
    if (message === 'interrupted') return `it took longer than ${timeoutMs / 1000} s`
    if (message === undefined) return error === null ? 'out of memory' : `thrown: ${String(error)}`
    return name ? `${name}: ${message}` : message
  }

  const evaluate = (
    runtime: QuickJSRuntime,
    context: QuickJSContext,
    prelude: QuickJSHandle,
    expr: string,
  ) => {
    const isBody = expr.includes('return ')
    const code = isBody
      ? `(async () => {${expr}\n})`
      : `(async () => (${expr.trim().replace(/;+$/, '')}\n))`
    const body = context.unwrapResult(context.evalCode(code, 'expression.js'))
    const promise = call(context, prelude, 'run', [body])
    const jobs = runtime.executePendingJobs()
    if (jobs.error) {
      const thrown = context.dump(jobs.error)
      jobs.error.dispose()
      throw thrown
    }
    const state = context.getPromiseState(promise)
    promise.dispose()
    if (state.type === 'pending') throw new Error('it waits for something that never comes')
    if (state.type === 'rejected') {
      const thrown = context.dump(state.error)
      state.error.dispose()
      throw thrown
    }
    const json = context.getString(state.value)
    state.value.dispose()
    return json
  }

  const answer = (
    { runtime, context, prelude }: Awaited<ReturnType<typeof prepare>>,
    question: Question,
  ): Answer => {
    const missing = new Set<string>()
    for (const [name, json] of Object.entries(question.globals)) {
      call(context, prelude, 'global', [context.newString(name), context.newString(json)]).dispose()
    }
    call(context, prelude, 'results', [
      context.newString(JSON.stringify(question.results)),
    ]).dispose()
    const find = context.newFunction('find', (keyHandle) => {
      const key = context.getString(keyHandle)
      const json = Object.hasOwn(question.lookups, key) ? question.lookups[key] : undefined
      if (json === undefined) missing.add(key)
      return json === undefined ? context.undefined : context.newString(json)
    })
    call(context, prelude, 'lookups', [find]).dispose()
    const deadline = Date.now() + timeoutMs
    runtime.setInterruptHandler(() => Date.now() > deadline)
    const values = question.expressions.map(([name, expr]) => {
      try {
        return { name, json: evaluate(runtime, context, prelude, expr) }
      } catch (error) {
        return { name, error: describe(error) }
      }
    })
    return { values, missing: [...missing] }
  }

  // The next machine is made while nobody waits for it.
  let next = prepare()
  port.on('message', async (question: Question) => {
    const machine = await next
    port.postMessage(answer(machine, question))
    machine.prelude.dispose()
    machine.context.dispose()
    machine.runtime.dispose()
    next = prepare()
  })
}
