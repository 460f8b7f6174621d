import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { proofFor } from '../../../api/core/instance-proof.ts'
import { isOutage } from '../../../api/core/outage.ts'
import { StepFailure } from '../job-error.ts'
import { FlowRefused } from '../openflow/check-flow.ts'
import { approvalPage } from './approval-page.ts'
import { jobRoutes } from './job-routes.ts'
import {
  type Authenticate,
  authentication,
  type Env,
  type OpenEnv,
  recognition,
} from './principal.ts'
import { badRequest, notFound, Refusal } from './refusal.ts'
import { resourceRoutes } from './resource-routes.ts'
import { openResumeRoutes, resumeRoutes } from './resume-routes.ts'
import { runRoutes } from './run-routes.ts'
import { previewRoute, scheduleRoutes } from './schedule-routes.ts'
import type { Services } from './services.ts'
import { stateRoutes } from './state-routes.ts'
import { triggerRoutes } from './trigger-routes.ts'
import { variableRoutes } from './variable-routes.ts'
import { workspaceRoutes } from './workspace-routes.ts'

/** Windmill's HTTP interface, as far as this engine has it. */
export function newApp(services: Services, authenticate: Authenticate) {
  const { machinery, maxBodyBytes, instanceKey } = services
  const { workspace, log, tokens } = machinery

  const inWorkspace = new Hono<Env>()
    .route('/jobs', runRoutes(services))
    .route('/', jobRoutes(services))
    .route('/', stateRoutes(services))
    .route('/', resumeRoutes(services))
    .route('/', workspaceRoutes(services))
    .route('/variables', variableRoutes(services))
    .route('/resources', resourceRoutes(services))
    .route('/schedules', scheduleRoutes(services))

  const limit = bodyLimit({
    maxSize: maxBodyBytes,
    onError: () => {
      throw new Refusal(413, `Payload too large: a body may have ${maxBodyBytes} bytes`)
    },
  })

  const open = new Hono<OpenEnv>()
    .use('/jobs_u/:verb{resume|cancel}/*', recognition(authenticate, tokens))
    .route('/', openResumeRoutes(services))

  return (
    new Hono<Env>()
      .get('/api/version', (c) => c.text('local-windmill 1'))
      // As the API proves who it is: Windmill has nothing like it.
      .get('/health', (c) => {
        const socket = (c.env as Partial<HttpBindings>).incoming?.socket
        return c.json({ status: 'ok', ...proofFor(instanceKey, socket, c.req.query('challenge')) })
      })
      .use('/api/*', limit)
      .use('/approve/*', limit)
      .route('/api/r', triggerRoutes(services, authenticate))
      .route(`/api/w/${workspace}`, open)
      .route(`/approve/${workspace}`, approvalPage(services, authenticate))
      .use('/api/*', authentication(authenticate, tokens))
      .get('/api/workspaces/list', (c) =>
        c.json([{ id: workspace, name: workspace, owner: 'local' }]),
      )
      .get('/api/users/whoami', (c) => {
        const { name, role } = c.get('principal')
        return c.json({ username: name, email: name, super_admin: role === 'admin' })
      })
      .route('/api/schedules', previewRoute())
      .use('/api/w/:workspace/*', async (c, next) => {
        const asked = c.req.param('workspace')
        if (asked !== workspace) {
          throw notFound(`workspace ${asked} does not exist; this engine has ${workspace}`)
        }
        return next()
      })
      .route(`/api/w/${workspace}`, inWorkspace)
      .notFound((c) =>
        c.text(`Not found: ${c.req.method} ${c.req.path} is not part of the local engine`, 404),
      )
      .onError((error, c) => {
        const refusal = refusalOf(error)
        if (refusal) return c.text(refusal.message, refusal.status)
        if (isOutage(error)) {
          log.warn({ err: error, method: c.req.method, path: c.req.path }, 'the database is away')
          c.header('Retry-After', '2')
          return c.text('Unavailable: the database does not answer just now; ask again', 503)
        }
        log.error({ err: error, method: c.req.method, path: c.req.path }, 'a request failed')
        return c.text('Internal error: the engine failed over this request; its log says why', 500)
      })
  )
}

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  if (error instanceof FlowRefused) return badRequest(error.message)
  if (isUnstorable(error)) {
    return badRequest('the request holds characters that cannot be stored, such as NUL')
  }
  // A resource that names something missing, met while it was put together for a reader.
  if (error instanceof StepFailure) return notFound(error.message)
  return undefined
}

/** Postgres takes neither NUL characters nor broken Unicode in text. */
function isUnstorable(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return code === '22021' || code === '22P05'
}
