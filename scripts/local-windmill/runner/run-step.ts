import type { Worker } from 'node:worker_threads'
import { StepFailure } from '../job-error.ts'
import { forgetListeners } from './forget-listeners.ts'
import { killProcesses } from './processes.ts'
import type { StepOrder, StepReport } from './step-worker.ts'

export type StepRun = {
  order: StepOrder
  stepId: string
  /** How the step is called in messages. */
  name: string
  timeoutSeconds: number
  maxResultBytes: number
  onLog(text: string): void
  signal: AbortSignal
}

/**
 * Runs one order in a worker and throws the worker away. Answers the result as JSON.
 * @throws StepFailure when the script throws, ends its thread, or runs out of time or memory
 * @throws the signal's reason when it is aborted; the script and its children are then dead
 */
export async function runStep(worker: Worker, run: StepRun): Promise<string> {
  const children = new Set<number>()
  let clean = false
  try {
    const result = await settle(worker, run, children)
    clean = true
    return result
  } finally {
    await stop(worker, clean ? undefined : { stepId: run.stepId, children })
  }
}

function settle(worker: Worker, run: StepRun, children: Set<number>): Promise<string> {
  const { signal, name } = run
  return new Promise<string>((resolve, reject) => {
    const fail = (reason: unknown) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      reject(reason)
    }
    const onAbort = () => fail(signal.reason)
    const timer = setTimeout(
      () =>
        fail(
          new StepFailure(
            'Timeout',
            `${name} ran longer than its limit of ${run.timeoutSeconds} s and was stopped`,
          ),
        ),
      // A longer delay than setTimeout knows would fire at once.
      Math.min(run.timeoutSeconds * 1000, 2 ** 31 - 1),
    )
    signal.addEventListener('abort', onAbort, { once: true })
    worker.on('message', (report: StepReport) => {
      if (report.type === 'log') run.onLog(report.text)
      if (report.type === 'child') children.add(report.pid)
      if (report.type === 'failed') {
        fail(new StepFailure(report.name, report.message, { stack: report.stack }))
      }
      if (report.type === 'done') {
        if (report.result.length > run.maxResultBytes) {
          return fail(tooLarge(run, report.result.length))
        }
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
        resolve(report.result)
      }
    })
    worker.once('error', (error) => fail(crashed(name, error)))
    worker.once('exit', (code) =>
      fail(new StepFailure('ExitError', `${name} ended its process with code ${code}`)),
    )
    if (signal.aborted) onAbort()
    else worker.postMessage(run.order)
  })
}

function crashed(name: string, error: Error): StepFailure {
  if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new StepFailure('OutOfMemory', `${name} used more memory than a step may`)
  }
  return new StepFailure(error.name, error.message, { stack: error.stack ?? '' })
}

function tooLarge(run: StepRun, size: number): StepFailure {
  return new StepFailure(
    'ResultTooLarge',
    `${run.name} returned ${size} bytes of JSON, more than the ${run.maxResultBytes} allowed`,
  )
}

/** How long a thread may take to die: one that waits for a child synchronously cannot. */
const TERMINATION_MS = 250

async function stop(
  worker: Worker,
  leftovers: { stepId: string; children: Set<number> } | undefined,
): Promise<void> {
  forgetListeners(worker)
  worker.on('error', ignoreAfterEnd)
  const ended = worker.terminate()
  if (!leftovers) return
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, TERMINATION_MS))])
  await killProcesses(leftovers.stepId, leftovers.children)
  await ended
}

/** The step's outcome is known: what its thread throws while dying changes nothing. */
function ignoreAfterEnd(): void {}
