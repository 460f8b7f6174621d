/** Why a running job is left before its end. Only `canceled` writes a result. */
export type InterruptionReason = 'canceled' | 'lost' | 'closing' | 'suspended'

/**
 * Ends a job's run in this process. It passes through every step uncaught: a flow cannot
 * continue over it, retry it or handle it in its failure module.
 */
export class Interruption extends Error {
  readonly reason: InterruptionReason

  constructor(reason: InterruptionReason) {
    super(`the job was interrupted: ${reason}`)
    this.name = 'Interruption'
    this.reason = reason
  }
}

/** Waits until `until`, or throws the signal's reason as soon as it is aborted. */
export async function sleepUntil(until: Date, signal: AbortSignal): Promise<void> {
  // Once begun, a sleep is as long as it was to be, even where the clock of the day is changed.
  const end = performance.now() + until.getTime() - Date.now()
  // setTimeout takes no more than 2^31 ms, so a long sleep is made of several.
  for (let left = end - performance.now(); left > 0; left = end - performance.now()) {
    await pause(Math.min(left, 2 ** 31 - 1), signal)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason)
      return
    }
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
