import type { Json, JsonObject } from './json.ts'

/** What a failed step or job leaves behind, under the key `error` of its result. */
export type JobError = { name: string; message: string; stack?: string; step_id?: string }

/** A failure that belongs to the flow or script being run, not to the engine. */
export class StepFailure extends Error {
  override readonly name: string

  constructor(name: string, message: string, options?: { stack?: string }) {
    super(message)
    this.name = name
    this.stack = options?.stack ?? ''
  }

  toJobError(stepId?: string): JobError {
    return {
      name: this.name,
      message: this.message,
      ...(this.stack && { stack: this.stack }),
      ...(stepId && { step_id: stepId }),
    }
  }
}

export function errorResult(error: JobError): JsonObject {
  return { error: { ...error } as JsonObject }
}

/** The error inside a failed result, whatever shape the result has. */
export function errorOf(result: Json): JobError {
  const found = findError(result)
  if (!found) return { name: 'Error', message: 'the step failed without saying why' }
  const { name, message, stack, step_id } = found
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : JSON.stringify(found),
    ...(typeof stack === 'string' && { stack }),
    ...(typeof step_id === 'string' && { step_id }),
  }
}

function findError(result: Json): JsonObject | undefined {
  if (Array.isArray(result)) {
    for (const item of result) {
      const found = findError(item)
      if (found) return found
    }
    return undefined
  }
  if (typeof result !== 'object' || result === null) return undefined
  const { error } = result
  return typeof error === 'object' && error !== null && !Array.isArray(error) ? error : undefined
}
