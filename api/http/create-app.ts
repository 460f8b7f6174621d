import { createMiddleware } from 'hono/factory'
import { DomainError, notFound } from '../core/errors.ts'
import type { AnyVerb } from '../services/runtime.ts'
import { type App, type Env, newApp, type Surface } from './app.ts'
import { authentication } from './authentication.ts'
import { atMost } from './body-limit.ts'
import { consoleFiles } from './console.ts'
import { docs } from './docs.ts'
import { flowOrigin } from './flow-origin.ts'
import { health } from './health.ts'
import { eventStream } from './live/sse.ts'
import { webSocket } from './live/websocket.ts'
import { login, session } from './login.ts'
import { createMetrics } from './metrics.ts'
import { mountVerb } from './mount-verb.ts'
import { openApiOf } from './openapi.ts'
import { answerProblem } from './problem.ts'
import { rateLimits } from './rate-limit.ts'
import { requests } from './requests.ts'
import { adrs } from './routes/adrs.ts'
import { agents } from './routes/agents.ts'
import { bugs } from './routes/bugs.ts'
import { conflicts } from './routes/conflicts.ts'
import { delegation } from './routes/delegation.ts'
import { events } from './routes/events.ts'
import { flowRuns } from './routes/flow-runs.ts'
import { charts } from './routes/metrics.ts'
import { projects } from './routes/projects.ts'
import { protocols } from './routes/protocols.ts'
import { reports } from './routes/reports.ts'
import { revisions } from './routes/revisions.ts'
import { specs } from './routes/specs.ts'
import { sprints } from './routes/sprints.ts'
import { steps } from './routes/steps.ts'
import { tasks } from './routes/tasks.ts'
import { tokens } from './routes/tokens.ts'
import { views } from './routes/views.ts'
import { webhookSubscriptions } from './routes/webhook-subscriptions.ts'
import { webhooks } from './webhooks/routes.ts'

export const verbs: readonly AnyVerb[] = [
  ...projects,
  ...specs,
  ...sprints,
  ...charts,
  ...protocols,
  ...steps,
  ...tasks,
  ...adrs,
  ...bugs,
  ...delegation,
  ...revisions,
  ...reports,
  ...events,
  ...flowRuns,
  ...conflicts,
  ...tokens,
  ...views,
  ...agents,
  ...webhookSubscriptions,
]

/** The largest request body, in MB: a tasks.md of 8 MB, as JSON. */
const largestBody = 10
/** Of a sync of files beside the database: those of some ten thousand tasks. */
const largestSync = 64
const isSync = /\/projects\/[^/]+\/delegation\/(sync|check)$/

/** The whole surface: what is open first, then, behind a token, everything else. */
export function createApp(surface: Surface): App {
  const metrics = createMetrics(surface.runtime)
  const app = newApp()
  app.onError(answerProblem)
  app.notFound((c) => answerProblem(notFound('page', c.req.path), c))
  app.use(requests({ runtime: surface.runtime, metrics }))
  app.route('/', consoleFiles(surface))

  const limits = rateLimits(surface.rateLimit)
  const api = newApp()
  api.onError(answerProblem)
  api.use(keptByNobody)
  api.route('/', health(surface))
  api.route('/', login(surface, limits))
  api.use('/webhooks/*', limits.byAddress)
  api.route('/', webhooks(surface))
  api.use(authentication(surface.authenticate, limits))
  api.use(limits.byToken)
  const [limited, roomy] = [atMost(largestBody), atMost(largestSync)]
  // What brings no body is not asked for one: that alone costs as much as the rest of a small read.
  api.use((c, next) => {
    if (['GET', 'HEAD'].includes(c.req.method)) return next()
    return (isSync.test(c.req.path) ? roomy : limited)(c, next)
  })
  api.use(flowOrigin(surface.runtime.db))
  api.route('/', session(surface))
  api.route('/', docs())
  api.get('/openapi.json', (c) => c.json(openApiOf(verbs.map((verb) => verb.command))))
  api.get('/metrics', async (c) => {
    const { text, contentType } = await metrics.render()
    return c.text(text, 200, { 'Content-Type': contentType })
  })
  api.all('/mcp', async (c) => {
    const [caller, { id: tokenId }] = [c.get('caller'), c.get('token')]
    let spent = 0
    const spend = async () => {
      if (spent++ > 0) await limits.again(c)
    }
    const asker = { caller, tokenId, requestId: c.get('requestId'), log: c.get('log'), spend }
    const answer = await surface.mcp(c.req.raw, asker)
    // Made anew, with the headers that every answer of the API has; what is whole, as a whole.
    const whole = answer.headers.get('Content-Type')?.startsWith('application/json')
    return c.newResponse(whole ? await answer.text() : answer.body, answer)
  })
  api.route('/', eventStream(surface))
  api.route('/', webSocket(surface))
  for (const verb of verbs) mountVerb(api, surface, verb)

  for (const path of new Set(verbs.map((verb) => verb.command.path))) refuseOtherMethods(api, path)

  // The narrower mount first: the wider one would ask for a token at /api/health.
  app.route('/api', api)
  app.route('/', api)
  return app
}

/** Nothing that was read stays in a browser after signing out, nor is it taken for a page or script. */
const keptByNobody = createMiddleware<Env>((c, next) => {
  c.header('Cache-Control', 'no-store')
  c.header('X-Content-Type-Options', 'nosniff')
  return next()
})

/** A path that is known by other methods says which. */
function refuseOtherMethods(app: App, path: string): void {
  const known = verbs.filter((verb) => verb.command.path === path)
  const methods = known.map(({ command }) => command.method.toUpperCase())
  const allowed = methods.flatMap((it) => (it === 'GET' ? ['GET', 'HEAD'] : [it])).join(', ')
  app.all(path, (c) => {
    c.header('Allow', allowed)
    throw new DomainError('method_not_allowed', 'method', `This path takes ${allowed}.`)
  })
}
