import { StepFailure } from '../job-error.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import { checkArguments } from '../openflow/check-arguments.ts'
import { concurrencyOf } from '../openflow/concurrency.ts'
import type { ArgumentSchema, FlowValue, Limits } from '../openflow/types.ts'
import { Parked } from '../parked.ts'
import { saveArguments } from '../store/jobs.ts'
import type { FlowScope } from './flow-scope.ts'
import type { JobRun } from './job-run.ts'
import { failedWith, type Outcome } from './outcome.ts'
import { runModule } from './run-module.ts'

/** Makes the arguments of a flow that an event began, once. */
export async function preprocess(
  run: JobRun,
  scope: FlowScope,
  { preprocessor_module: module }: FlowValue,
): Promise<Outcome> {
  if (!module) throw new Error(`job ${run.job.id} waits for a preprocessor that its flow lacks`)
  const outcome = await runModule(run, { ...scope, preprocessing: true }, module, scope.flowInput)
  if (!outcome.success) return outcome
  try {
    await takeArguments(run, outcome.result, run.job.definition?.schema, run.job.definition?.value)
    return outcome
  } catch (thrown) {
    return failedWith(thrown, module.id, run.masks)
  }
}

/**
 * Puts what a preprocessor made in the place of the event: an object as it is, anything else
 * under the name `value`.
 * @throws StepFailure when it does not fit, or hands a reference on that came from outside
 * @throws Parked where the job now has to wait for its turn among others
 */
export async function takeArguments(
  { machinery, job }: JobRun,
  made: Json,
  schema: ArgumentSchema | undefined,
  limits: Limits = {},
): Promise<void> {
  const args: JsonObject = isObject(made) ? made : made === null ? {} : { value: made }
  const problems = checkArguments(schema, args)
  if (problems.length > 0) throw new StepFailure('BadRequest', problems.join('; '))
  // Whoever may send an event may not thereby have secrets read for them.
  const sent = new Set(references(job.args))
  const passedOn = references(args).find((reference) => sent.has(reference))
  if (passedOn) {
    throw new StepFailure('Forbidden', `the event may not pass ${passedOn} as an argument`)
  }
  const spelledOut = Object.keys(args).find((name) => isForeignResource(schema, name, args[name]))
  if (spelledOut) {
    throw new StepFailure('Forbidden', `the resource ${spelledOut} must be named as $res:path`)
  }
  const usualKey = `${job.kind}/${job.path}`
  const concurrency = concurrencyOf(limits, machinery.workspace, usualKey, args)
  await saveArguments(machinery.sql, job, args, concurrency)
  if (concurrency) throw new Parked(new Date(), 0)
  job.args = args
  job.preprocess = false
}

/** A resource that is written out could come from the event: its parts say where secrets go. */
function isForeignResource(
  schema: ArgumentSchema | undefined,
  name: string,
  value: Json | undefined,
): boolean {
  const property = schema?.properties?.[name]
  return property?.format?.startsWith('resource-') === true && isObject(value)
}

/** Every string within that stands for a variable or resource. */
function references(value: Json): string[] {
  if (typeof value === 'string') return /^\$(var|res):/.test(value) ? [value] : []
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(references) : []
}
