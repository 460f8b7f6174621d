import { type Context, Hono } from 'hono'
import { findAnyJob } from '../store/any-job.ts'
import { saveProgress, saveUserState } from '../store/user-states.ts'
import { demand, type Env } from './principal.ts'
import { badRequest, notFound } from './refusal.ts'
import { jsonBody, objectBody } from './request-body.ts'
import type { Services } from './services.ts'
import { uuid } from './uuid.ts'

/** What a running job notes about itself: shared states and progress. */
export function stateRoutes({ machinery }: Services) {
  const { sql, workspace } = machinery

  const find = async (c: Context<Env>) => {
    const id = uuid(c.req.param('id') ?? '', 'id')
    const found = await findAnyJob(sql, workspace, id)
    if (!found) throw notFound(`job ${id} does not exist`)
    return found
  }

  return new Hono<Env>()
    .get('/jobs/flow/user_states/:id/:key', async (c) => {
      demand(c.get('principal'), 'read what jobs were given, said and answered')
      const { job } = await find(c)
      const key = c.req.param('key')
      return c.json(Object.hasOwn(job.user_states, key) ? (job.user_states[key] ?? null) : null)
    })
    .post('/jobs/flow/user_states/:id/:key', async (c) => {
      demand(c.get('principal'), 'run jobs')
      const { job } = await find(c)
      const value = await jsonBody(c)
      const json = JSON.stringify(value)
      // Stored as jsonb, which cannot hold these.
      if (/\\u0000|\\ud[89a-f]/i.test(json)) {
        throw badRequest('a state must not hold NUL characters or lone surrogates')
      }
      await saveUserState(sql, job.id, c.req.param('key'), value)
      return c.text('')
    })
    .post('/job_metrics/set_progress/:id', async (c) => {
      demand(c.get('principal'), 'run jobs')
      const { percent } = await objectBody(c)
      if (typeof percent !== 'number' || !Number.isFinite(percent)) {
        throw badRequest('percent must be a number')
      }
      const { job, step } = await find(c)
      // Only the end of the job itself makes it whole.
      await saveProgress(sql, step?.id ?? job.id, Math.min(99, Math.max(0, Math.floor(percent))))
      return c.json(null)
    })
    .get('/job_metrics/get_progress/:id', async (c) => {
      const { job, step } = await find(c)
      return c.json((step ?? job).progress)
    })
}
