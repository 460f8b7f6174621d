import { errorResult, StepFailure } from '../job-error.ts'
import type { Json } from '../json.ts'
import type { Masks } from '../masks.ts'

export type Outcome = {
  success: boolean
  result: Json
  /** A stop_after_if was true: the flow around it ends with this result. */
  stopped: boolean
  /** Not run (skip_if), or, when stopped, to be counted as skipped. */
  skipped: boolean
}

export function succeeded(result: Json): Outcome {
  return { success: true, result, stopped: false, skipped: false }
}

export function failed(result: Json): Outcome {
  return { success: false, result, stopped: false, skipped: false }
}

/** The outcome of a step that threw. @throws what is not the step's own failure */
export function failedWith(thrown: unknown, stepId: string, masks: Masks): Outcome {
  if (!(thrown instanceof StepFailure)) throw thrown
  const error = thrown.toJobError(stepId)
  return failed(
    errorResult({
      ...error,
      message: masks.apply(error.message),
      ...(error.stack && { stack: masks.apply(error.stack) }),
    }),
  )
}
