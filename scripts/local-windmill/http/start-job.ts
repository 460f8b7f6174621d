import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isObject, type Json, type JsonObject } from '../json.ts'
import { checkArguments } from '../openflow/check-arguments.ts'
import { concurrencyOf } from '../openflow/concurrency.ts'
import type { ArgumentSchema, Limits, OpenFlow } from '../openflow/types.ts'
import { hasEntrypoint } from '../runner/signature.ts'
import { findJob, insertJob } from '../store/jobs.ts'
import { appendLog } from '../store/logs.ts'
import { checkReferences, nearestPath } from '../workspace/check-references.ts'
import { demand, may, type Principal } from './principal.ts'
import { badRequest, notFound, Refusal } from './refusal.ts'
import type { Services } from './services.ts'
import { uuid } from './uuid.ts'

export type StartRequest = {
  kind: 'flow' | 'script'
  path: string
  args: JsonObject
  /**
   * What came from outside, as Windmill hands it to a preprocessor: `kind`, `body`, `raw_string`,
   * `headers`, `query` and what else belongs to the kind. A flow or script that has a preprocessor
   * gets it as its one argument `event`, in place of `args`.
   */
  event?: JsonObject | undefined
  /** Of the query; a repeat with the same one starts nothing. */
  jobId?: string | undefined
  parentJob?: string | undefined
  rootJob?: string | undefined
  scheduledFor?: string | undefined
  scheduledInSecs?: string | undefined
  /** Where neither a user nor a step asks: what does, and for a schedule the time it was due. */
  trigger?: { kind: 'schedule'; path: string; due: Date } | { kind: 'http'; path: string }
}

/** Queues a job and answers its id. @throws Refusal */
export async function startJob(
  { machinery, engine }: Pick<Services, 'machinery' | 'engine'>,
  principal: Principal,
  request: StartRequest,
): Promise<string> {
  demand(principal, 'run jobs')
  const { sql, workspace, files } = machinery
  const id = request.jobId === undefined ? randomUUID() : uuid(request.jobId, 'job_id')
  if (request.jobId !== undefined && (await isRepeat(machinery, id, request))) return id
  if (engine.closing) throw new Refusal(503, 'the engine is closing')
  const { path, kind } = request
  const target =
    kind === 'flow' ? await findFlow(machinery, path) : await findScript(machinery, path)
  const event = target.preprocessed ? request.event : undefined
  if (!event) refuseArguments(principal, target.schema, request)
  const warnings = [...target.warnings]
  if (target.flow) {
    const named = await checkReferences(files, target.flow.value)
    if (named.problems.length > 0) {
      throw badRequest(`flow ${path} cannot run: ${named.problems.join('; ')}`)
    }
    warnings.push(...named.warnings)
  }
  const made = await insertJob(sql, {
    id,
    workspace,
    kind,
    path,
    args: event ? { event } : request.args,
    // What waits for its arguments is held up once it has them.
    concurrency: event
      ? null
      : concurrencyOf(target.limits, workspace, `${kind}/${path}`, request.args),
    preprocess: event !== undefined,
    definition: target.flow ?? null,
    created_by: principal.name,
    parent_job: request.parentJob === undefined ? null : uuid(request.parentJob, 'parent_job'),
    root_job: request.rootJob === undefined ? null : uuid(request.rootJob, 'root_job'),
    nested: principal.role === 'job',
    delaySeconds: delay(request),
    trigger_kind: request.trigger?.kind ?? null,
    trigger: request.trigger?.path ?? null,
    due: request.trigger?.kind === 'schedule' ? request.trigger.due : null,
  })
  if (!made) await isRepeat(machinery, id, request)
  else if (warnings.length > 0) {
    await appendLog(sql, id, id, `${warnings.join('\n')}\n`, false)
  }
  return id
}

type Target = {
  schema?: ArgumentSchema | undefined
  flow?: OpenFlow
  /** Has a preprocessor, which makes its arguments of an event. */
  preprocessed: boolean
  limits: Limits
  warnings: string[]
}

function refuseArguments(
  principal: Principal,
  schema: ArgumentSchema | undefined,
  { args, trigger }: StartRequest,
): void {
  const problems = checkArguments(schema, args, trigger?.kind === 'http' ? 'passed' : 'refused')
  if (problems.length > 0) throw badRequest(problems.join('; '))
  if (!may(principal, 'read secrets')) refuseReferences(principal, schema, args)
  if (!may(principal, 'choose resources')) refuseResources(principal, schema, args)
}

async function findFlow(machinery: Services['machinery'], path: string): Promise<Target> {
  const checked = await machinery.files.flow(path)
  if (!checked) throw await unknownPath(machinery, 'flow', path)
  const { flow, warnings } = checked
  const preprocessed = flow.value.preprocessor_module != null
  return { schema: flow.schema, flow, preprocessed, limits: flow.value, warnings }
}

async function findScript(machinery: Services['machinery'], path: string): Promise<Target> {
  const script = await machinery.files.script(path)
  if (!script) throw await unknownPath(machinery, 'script', path)
  const preprocessed = hasEntrypoint(await readFile(script.file, 'utf8'), 'preprocessor')
  return { schema: script.schema, preprocessed, limits: script.limits ?? {}, warnings: [] }
}

async function unknownPath(
  { files }: Services['machinery'],
  kind: 'flow' | 'script',
  path: string,
): Promise<Refusal> {
  const near = await nearestPath(files, kind, path)
  return notFound(`${kind} not found at path ${path}${near ? `; did you mean ${near}?` : ''}`)
}

/** @throws Refusal (409) when the id belongs to something else */
async function isRepeat(
  { sql, workspace }: Services['machinery'],
  id: string,
  { kind, path }: StartRequest,
): Promise<boolean> {
  const [row] = await sql<
    { workspace: string }[]
  >`select workspace from windmill.jobs where id = ${id}`
  if (!row) return false
  const job = await findJob(sql, workspace, id)
  if (job?.kind === kind && job.path === path) return true
  throw new Refusal(409, `Conflict: the job id ${id} belongs to another job`)
}

/** Who may not read a secret may not have a script read it for them either. */
function refuseReferences(
  principal: Principal,
  schema: ArgumentSchema | undefined,
  args: JsonObject,
): void {
  for (const [name, value] of Object.entries(args)) {
    const usual = schema?.properties?.[name]?.default
    if (value !== usual && isReference(value)) {
      throw new Refusal(
        403,
        `Forbidden: the role ${principal.role} may not pass ${String(value)} as argument ${name}`,
      )
    }
  }
}

/** A resource names where scripts go and with which credentials: another one is another's to choose. */
function refuseResources(
  principal: Principal,
  schema: ArgumentSchema | undefined,
  args: JsonObject,
): void {
  for (const [name, value] of Object.entries(args)) {
    const property = schema?.properties?.[name]
    if (property?.format?.startsWith('resource-') && value !== property.default) {
      throw new Refusal(
        403,
        `Forbidden: the role ${principal.role} may not choose the resource ${name}; run a flow, which brings its own`,
      )
    }
  }
}

function isReference(value: Json): boolean {
  if (typeof value === 'string') return value.startsWith('$var:') || value.startsWith('$res:')
  if (Array.isArray(value)) return value.some(isReference)
  return isObject(value) && Object.values(value).some(isReference)
}

function delay({ scheduledFor, scheduledInSecs }: StartRequest): number {
  if (scheduledInSecs !== undefined) {
    const seconds = Number(scheduledInSecs)
    if (scheduledInSecs.trim() === '' || !(seconds >= 0 && seconds <= 10 ** 9)) {
      throw badRequest('scheduled_in_secs must be a number of seconds')
    }
    return seconds
  }
  if (scheduledFor === undefined) return 0
  const at = Date.parse(scheduledFor)
  if (Number.isNaN(at)) throw badRequest('scheduled_for must be a date and time (ISO 8601)')
  return Math.max(0, (at - Date.now()) / 1000)
}
