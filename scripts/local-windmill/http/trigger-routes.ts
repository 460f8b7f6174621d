import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { StepFailure } from '../job-error.ts'
import { isObject, type Json } from '../json.ts'
import { authenticateRequest, NotLetIn } from '../triggers/authenticate-request.ts'
import type { HttpTrigger } from '../triggers/check-http-trigger.ts'
import { matchRoute } from '../triggers/route-match.ts'
import { type Authenticate, type Env, identify, type Principal } from './principal.ts'
import { badRequest, notFound, Refusal } from './refusal.ts'
import type { Services } from './services.ts'
import { startJob } from './start-job.ts'
import { bodyText, readTriggerBody, triggerArguments, triggerEvent } from './trigger-body.ts'
import { waitedResult } from './waited-result.ts'

/** What the workspace's HTTP triggers listen on: they let in whom they choose, by their own means. */
export function triggerRoutes(services: Services, authenticate: Authenticate) {
  const { machinery, httpTriggers } = services
  const { values, log, tokens, workspace } = machinery

  const answer = async (c: Context<Env>): Promise<Response> => {
    // Hono would run a GET for it.
    if (c.req.method === 'HEAD' || c.req.method === 'OPTIONS') return c.body('')
    const path = called(c)
    const method = c.req.method.toLowerCase()
    const match = matchRoute(await httpTriggers.list(), workspace, method, path)
    if (!match) throw notFound(`Trigger not found at name /${path.join('/')}`)
    const { trigger } = match
    const { authentication_method: by } = trigger
    const principal = by === 'windmill' ? await user(c) : stranger(trigger)
    const text = await bodyText(c)
    const hidden = by === 'windmill' || by === 'basic_http' ? ['authorization'] : []
    if (by !== 'none' && by !== 'windmill') {
      const resource = await resourceOf(trigger)
      const key = isObject(resource) ? resource.api_key_header : undefined
      if (typeof key === 'string') hidden.push(key.toLowerCase())
      try {
        authenticateRequest(by, resource, c.req.raw.headers, text)
      } catch (error) {
        if (error instanceof NotLetIn) return refused(c, by, error)
        if (error instanceof z.ZodError) throw notSetUp(trigger, z.prettifyError(error))
        throw error
      }
    }
    const body = readTriggerBody(match, c.req.header('content-type'), text)
    const id = await startJob(services, principal, {
      kind: trigger.is_flow ? 'flow' : 'script',
      path: trigger.script_path,
      args: triggerArguments(match, body),
      event: triggerEvent(c, match, path.join('/'), body, hidden),
      trigger: { kind: 'http', path: trigger.path },
    })
    return trigger.request_type === 'async' ? c.text(id, 201) : waitedResult(services, c, id)
  }

  async function user(c: Context<Env>): Promise<Principal> {
    const principal = await identify(c, authenticate, tokens)
    if (principal) return principal
    throw new Refusal(401, 'Not authorized: Requires authentication')
  }

  async function resourceOf(trigger: HttpTrigger): Promise<Json> {
    const { authentication_resource_path: path } = trigger
    if (!path) throw notSetUp(trigger, 'it names no authentication_resource_path')
    try {
      return await values.readResource(path, () => undefined)
    } catch (error) {
      if (error instanceof StepFailure) throw notSetUp(trigger, error.message)
      throw error
    }
  }

  /** Strangers are told that it does not work; why, only those who read the log. */
  function notSetUp(trigger: HttpTrigger, why: string): Refusal {
    log.error({ trigger: trigger.path }, `nobody can be let in by the trigger's resource: ${why}`)
    return new Refusal(500, 'The authentication of this trigger is not set up; see the log')
  }

  return new Hono<Env>().all('/*', answer)
}

/** May start what the trigger starts, and have no secret read for it. */
function stranger(trigger: HttpTrigger): Principal {
  return { name: `HTTP-${trigger.path}`, role: 'member' }
}

function refused(c: Context, by: HttpTrigger['authentication_method'], error: NotLetIn): Response {
  if (by === 'signature') return c.json({ error: error.message }, error.status)
  if (error.basic) c.header('WWW-Authenticate', 'Basic realm="Restricted Area"')
  return c.text(error.message, error.status)
}

/** The path below `/api/r/`, in segments. */
function called(c: Context): string[] {
  const { pathname } = new URL(c.req.url)
  const path = pathname.slice('/api/r/'.length).replace(/\/+$/, '')
  try {
    return path.split('/').map(decodeURIComponent)
  } catch {
    throw badRequest('the path is not encoded as a URL is')
  }
}
