import { type Context, Hono } from 'hono'
import type { Env } from './principal.ts'
import { Refusal } from './refusal.ts'
import { jobArguments, webhookEvent } from './request-body.ts'
import type { Services } from './services.ts'
import { startJob } from './start-job.ts'
import { waitedResult } from './waited-result.ts'

/** Starting flows and scripts by path, waiting for the result or not. */
export function runRoutes(services: Services) {
  const start = async (c: Context<Env>): Promise<string> =>
    startJob(services, c.get('principal'), {
      kind: c.req.param('kind') === 'f' ? 'flow' : 'script',
      path: c.req.param('path') ?? '',
      args: await jobArguments(c),
      event: c.req.query('skip_preprocessor') === 'true' ? undefined : await webhookEvent(c),
      jobId: c.req.query('job_id'),
      parentJob: c.req.query('parent_job'),
      rootJob: c.req.query('root_job'),
      scheduledFor: c.req.query('scheduled_for'),
      scheduledInSecs: c.req.query('scheduled_in_secs'),
    })

  return new Hono<Env>()
    .post('/run/:kind{[fp]}/:path{.+}', async (c) => c.text(await start(c), 201))
    .post('/run_wait_result/:kind{[fp]}/:path{.+}', async (c) =>
      waitedResult(services, c, await start(c)),
    )
    .all('/run/:what/*', (c) => {
      throw new Refusal(501, `jobs/run/${c.req.param('what')} is not supported by the local engine`)
    })
}
