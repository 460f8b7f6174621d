import { StepFailure } from '../job-error.ts'
import type { Json } from '../json.ts'
import { evaluateOne } from './inputs.ts'
import type { Placed } from './placed.ts'

/** When a module's sleep ends that begins now. @throws StepFailure when it is no number */
export async function sleepAfter(
  { run, scope, module }: Placed,
  result: Json,
): Promise<Date | null> {
  if (!module.sleep) return null
  const extra = { result, previous_result: result }
  const seconds = await evaluateOne(run, scope, 'sleep', module.sleep, extra)
  if (typeof seconds !== 'number' || !(seconds >= 0)) {
    throw new StepFailure(
      'SleepError',
      `sleep must be a number of seconds, not ${JSON.stringify(seconds)}`,
    )
  }
  return new Date(Date.now() + seconds * 1000)
}
