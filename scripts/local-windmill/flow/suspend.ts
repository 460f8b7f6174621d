import { errorResult, type JobError, StepFailure } from '../job-error.ts'
import type { Json, JsonObject } from '../json.ts'
import type { FlowModule, Suspend } from '../openflow/types.ts'
import { Parked } from '../parked.ts'
import { saveSleep } from '../store/steps.ts'
import {
  type Answer,
  answersTo,
  beginSuspension,
  endSuspension,
  findSuspension,
  type Suspension,
} from '../store/suspensions.ts'
import type { Approval } from './flow-scope.ts'
import { evaluateOne } from './inputs.ts'
import { failed, failedWith, type Outcome } from './outcome.ts'
import type { Placed } from './placed.ts'
import { sleepAfter } from './sleep.ts'

/** How a wait ended; kept, so that later answers change nothing of it. */
type End = Approval & { failure: Json; answers: JsonObject[] }

const USUAL_SECONDS = 30 * 60

export function suspends({ suspend }: FlowModule): boolean {
  return (suspend?.required_events ?? 0) > 0
}

/**
 * Waits behind a module that has ended well until enough people have approved. Answers what the
 * next module sees of it, or the failure of the flow.
 * @throws Parked while it has to wait
 */
export async function waitForApproval(
  placed: Placed,
  outcome: Outcome,
): Promise<{ approval: Approval } | { refused: Outcome }> {
  const { run, module, path } = placed
  const { sql } = run.machinery
  const row = run.steps.get(path)
  if (!row || !module.suspend) throw new Error(`module ${module.id} is not there to wait behind`)
  try {
    const known = await findSuspension(sql, row.id)
    const suspension = known ?? (await begin(placed, module.suspend, row.id, outcome.result))
    const end = (suspension.outcome as End | null) ?? (await lookForEnd(placed, suspension))
    if (end.failure) return { refused: failed(end.failure) }
    if (module.sleep && !row.sleep_until) {
      const sleep_until = await sleepAfter(placed, outcome.result)
      await saveSleep(sql, run.job, path, sleep_until)
      run.steps.set(path, { ...row, sleep_until })
    }
    return { approval: { resumes: end.resumes, approvers: end.approvers } }
  } catch (thrown) {
    return { refused: failedWith(thrown, module.id, run.masks) }
  }
}

async function begin(
  { run, scope }: Placed,
  suspend: Suspend,
  stepId: string,
  result: Json,
): Promise<Suspension> {
  const { timeout, required_events = 1 } = suspend
  const extra = { result, previous_result: result }
  const seconds =
    typeof timeout === 'object' && timeout !== null
      ? await evaluateOne(run, scope, 'timeout of suspend', timeout, extra)
      : (timeout ?? USUAL_SECONDS)
  if (typeof seconds !== 'number' || !(seconds >= 0)) {
    throw new StepFailure(
      'SuspendError',
      `timeout of suspend must be a number of seconds, not ${JSON.stringify(seconds)}`,
    )
  }
  const settings = suspend as JsonObject
  const given = { step_id: stepId, job_id: run.job.id, required_events, settings }
  return beginSuspension(run.machinery.sql, given, seconds)
}

/** @throws Parked when it is not there yet */
async function lookForEnd({ run, scope, module }: Placed, suspension: Suspension): Promise<End> {
  const { sql } = run.machinery
  const { step_id, until, required_events } = suspension
  const { seen, answers, now } = await answersTo(sql, run.job.id, [step_id, scope.id])
  const counted = answers.filter((answer) => counts(answer, module.suspend))
  const refusal = counted.find(({ approved }) => !approved)
  const isEnough = !refusal && counted.length >= required_events
  if (!isEnough && !refusal && now < until) throw new Parked(until, seen)
  const end: End = {
    resumes: counted.map(({ value }) => value),
    approvers: counted.map(({ approver }) => approver ?? 'anonymous'),
    answers: counted.map(({ resume_id, approver }) => ({
      resume_id,
      approver: approver ?? 'unknown',
    })),
    failure: null,
  }
  if (!isEnough) {
    const failure = errorResult(refusal ? disapproved(refusal) : TIMED_OUT)
    if (module.suspend?.continue_on_disapprove_timeout) end.resumes.push(failure)
    else end.failure = failure
  }
  await endSuspension(sql, step_id, end)
  return end
}

/** An answer that came early may be one that the step does not take. */
function counts(answer: Answer, suspend: Suspend | undefined): boolean {
  return !suspend?.user_auth_required || answer.username !== null
}

const TIMED_OUT: JobError = {
  name: 'SuspendedTimedOut',
  message: 'Timed out waiting to be resumed',
}

function disapproved({ approver }: Answer): JobError {
  return { name: 'SuspendedDisapproved', message: `Disapproved by ${approver ?? 'unknown'}` }
}
