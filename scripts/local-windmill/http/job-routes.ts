import { type Context, Hono } from 'hono'
import { isObject, type Json } from '../json.ts'
import { type AnyJob, childSteps, findAnyJob, listJobs } from '../store/any-job.ts'
import { requestCancel } from '../store/jobs.ts'
import { readLogs, readOwnLog } from '../store/logs.ts'
import { openSuspensions, suspensionsBehind } from '../store/suspensions.ts'
import { flowInside } from './flow-inside.ts'
import { jobView } from './job-view.ts'
import { demand, type Env, may, type Principal } from './principal.ts'
import { badRequest, notFound } from './refusal.ts'
import { objectBody } from './request-body.ts'
import type { Services } from './services.ts'
import { uuid } from './uuid.ts'

const data = 'read what jobs were given, said and answered'

/** Reading jobs and their steps. */
export function jobRoutes({ machinery }: Services) {
  const { sql, workspace } = machinery

  const view = async (found: AnyJob, principal: Principal) => {
    const steps = await childSteps(sql, [found.step?.id ?? found.job.id])
    const ids = steps.map(({ id }) => id)
    const inner = await childSteps(sql, ids)
    const waits = await suspensionsBehind(sql, ids)
    const flow = await flowInside(sql, found)
    const whole = jobView(found, flow, [...steps, ...inner], waits)
    return may(principal, data) ? whole : withoutData(whole)
  }

  return new Hono<Env>()
    .get('/jobs/list', async (c) => {
      const page = wholeNumber(c, 'page', 1)
      const limit = Math.min(wholeNumber(c, 'per_page', 30), 1000)
      const parent = c.req.query('parent_job')
      const jobs = await listJobs(sql, workspace, {
        path: c.req.query('script_path_exact'),
        pathStart: c.req.query('script_path_start'),
        parentJob: parent === undefined ? undefined : uuid(parent, 'parent_job'),
        schedulePath: c.req.query('schedule_path'),
        running: truth(c, 'running'),
        success: truth(c, 'success'),
        suspended: truth(c, 'suspended'),
        kinds: c.req.query('job_kinds')?.split(','),
        createdBefore: moment(c, 'created_before'),
        limit,
        offset: (page - 1) * limit,
      })
      const waits = await openSuspensions(
        sql,
        jobs.map(({ id }) => id),
      )
      return c.json(
        jobs.map((job) => {
          const own = waits.filter(({ job_id }) => job_id === job.id)
          const { result: _long, ...rest } = jobView(
            { job, step: null },
            null,
            [],
            own,
          ) as ReturnType<typeof jobView> & { result?: Json }
          return may(c.get('principal'), data) ? rest : withoutData(rest)
        }),
      )
    })
    .get('/jobs_u/get/:id', async (c) => c.json(await view(await find(c), c.get('principal'))))
    .get('/jobs_u/completed/get/:id', async (c) => {
      const found = await find(c)
      if (!ended(found)) throw notFound(`job ${c.req.param('id')} has not ended`)
      return c.json(await view(found, c.get('principal')))
    })
    .get('/jobs_u/completed/get_result/:id', async (c) => {
      demand(c.get('principal'), data)
      const found = await find(c)
      if (!ended(found)) throw notFound(`job ${c.req.param('id')} has not ended`)
      return c.json(row(found).result)
    })
    .get('/jobs_u/completed/get_result_maybe/:id', async (c) => {
      demand(c.get('principal'), data)
      const found = await find(c)
      const { started_at, success, result } = row(found)
      const completed = ended(found)
      return c.json({
        completed,
        started: started_at !== null,
        ...(completed && { success }),
        result: completed ? result : null,
      })
    })
    .get('/jobs_u/get_root_job_id/:id', async (c) => {
      const { job } = await find(c)
      return c.json(job.root_job ?? job.id)
    })
    .get('/jobs_u/get_args/:id', async (c) => {
      demand(c.get('principal'), data)
      return c.json(row(await find(c)).args ?? {})
    })
    .get('/jobs_u/get_logs/:id', async (c) => {
      demand(c.get('principal'), data)
      await find(c)
      return c.text(await readLogs(sql, uuid(c.req.param('id'), 'id')))
    })
    .get('/jobs_u/getupdate/:id', async (c) => {
      demand(c.get('principal'), data)
      const found = await find(c)
      const offset = c.req.query('log_offset') ?? '0'
      if (!/^\d{1,9}$/.test(offset)) throw badRequest('log_offset must be a whole number')
      const log = await readOwnLog(sql, row(found).id, Number(offset))
      return c.json({
        running: row(found).started_at !== null && !ended(found),
        completed: ended(found),
        new_logs: log.fresh,
        log_offset: log.length,
        progress: row(found).progress,
      })
    })
    .post('/jobs_u/queue/cancel/:id', cancel)
    .post('/jobs_u/queue/force_cancel/:id', cancel)
    .post('/jobs/queue/cancel/:id', cancel)

  async function find(c: Context<Env>): Promise<AnyJob> {
    const id = uuid(c.req.param('id') ?? '', 'id')
    const found = await findAnyJob(sql, workspace, id)
    if (!found) throw notFound(`job ${id} does not exist`)
    return found
  }

  /** A step cannot be cancelled alone: its job is. */
  async function cancel(c: Context<Env>): Promise<Response> {
    const principal = c.get('principal')
    demand(principal, 'run jobs')
    const { reason } = await objectBody(c)
    if (reason != null && typeof reason !== 'string') throw badRequest('reason must be a string')
    const { job } = await find(c)
    if (job.completed_at) throw badRequest(`job ${job.id} has already ended`)
    await requestCancel(
      sql,
      workspace,
      job.id,
      principal.name,
      (reason ?? 'no reason given').replaceAll('\0', ''),
    )
    return c.text(job.id)
  }
}

/** How a job fares, without what went in and came out. */
function withoutData(view: object) {
  const { args: _, result: __, flow_status, ...rest } = view as Record<string, Json>
  if (!isObject(flow_status)) return rest
  const { user_states: ___, ...modules } = flow_status
  return { ...rest, flow_status: modules }
}

function row({ job, step }: AnyJob) {
  return step ?? job
}

function ended(found: AnyJob): boolean {
  return row(found).completed_at !== null
}

function wholeNumber(c: Context, name: string, usual: number): number {
  const given = c.req.query(name)
  if (given === undefined) return usual
  if (!/^[1-9]\d{0,8}$/.test(given)) throw badRequest(`${name} must be a whole number from 1`)
  return Number(given)
}

function truth(c: Context, name: string): boolean | undefined {
  const given = c.req.query(name)
  if (given === undefined) return undefined
  if (given !== 'true' && given !== 'false') throw badRequest(`${name} must be true or false`)
  return given === 'true'
}

function moment(c: Context, name: string): Date | undefined {
  const given = c.req.query(name)
  if (given === undefined) return undefined
  const at = new Date(given)
  if (Number.isNaN(at.getTime())) throw badRequest(`${name} must be a date and time (ISO 8601)`)
  return at
}
