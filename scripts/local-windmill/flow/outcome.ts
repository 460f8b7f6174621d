import { errorResult, StepFailure } from '../job-error.ts'
import type { Json } from '../json.ts'
import type { Masks } from '../masks.ts'
import type { StopAfterIf } from '../openflow/types.ts'

export type Outcome = {
  success: boolean
  result: Json
  /** A stop_after_if was true: the flow around it ends with this result. */
  stopped: boolean
  /** Not run (skip_if), or, when stopped, to be counted as skipped. */
  skipped: boolean
  /** The flow's failure module has run for it, in the scope that ended or further inside. */
  handled?: boolean
}

export function succeeded(result: Json): Outcome {
  return { success: true, result, stopped: false, skipped: false }
}

export function failed(result: Json): Outcome {
  return { success: false, result, stopped: false, skipped: false }
}

/** What a scope's end is to the step that stands for it: a recovered failure is one still. */
export function asStep({ handled, ...outcome }: Outcome): Outcome {
  return { ...outcome, success: outcome.success && handled !== true }
}

/** The end of a flow by a stop condition that was true: a result, or the error it asks for. */
export function stoppedBy(stop: StopAfterIf, { result }: Outcome): Outcome {
  const { error_message, error_include_result, skip_if_stopped } = stop
  if (error_message == null || skip_if_stopped) {
    return { success: true, result, stopped: true, skipped: skip_if_stopped === true }
  }
  const message = error_message || 'the flow stopped early: its stop condition was true'
  const error = { name: 'EarlyStopError', message, ...(error_include_result && { result }) }
  return { success: false, result: { error }, stopped: true, skipped: false }
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
