import type { Context } from 'hono'
import { isObject, type Json, type JsonObject } from '../json.ts'
import type { RouteMatch } from '../triggers/route-match.ts'
import { badRequest, Refusal } from './refusal.ts'
import { parseBody } from './request-body.ts'

/** A body as it came, and what it holds. */
export type TriggerBody = { text: string; content: Json; hasText: boolean }

/** The body's text, exactly as a sender signs it. @throws Refusal (400) */
export async function bodyText(c: Context): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      await c.req.arrayBuffer(),
    )
  } catch (error) {
    if (error instanceof TypeError) throw badRequest('the body is not valid UTF-8')
    throw error
  }
}

/** Reads JSON, a form, or plain text, which is passed on as `raw_string` alone. @throws Refusal */
export function readTriggerBody(
  { trigger }: RouteMatch,
  type: string | undefined,
  text: string,
): TriggerBody {
  const signed = trigger.authentication_method === 'signature'
  const hasText = trigger.raw_string || signed
  const kind = type?.split(';')[0]?.trim().toLowerCase() ?? 'application/json'
  switch (kind) {
    case 'application/json':
      return { text, content: text.trim() === '' ? {} : parseBody(text), hasText }
    case 'application/x-www-form-urlencoded':
      return { text, content: Object.fromEntries(new URLSearchParams(text)), hasText }
    case 'text/plain':
    case 'text/xml':
    case 'application/xml':
      return { text, content: {}, hasText: true }
    default:
      throw new Refusal(415, `Unsupported media type: a trigger of this engine reads no ${kind}`)
  }
}

/** The arguments of a job without a preprocessor: of the request, Windmill passes on the body alone. */
export function triggerArguments(
  { trigger }: RouteMatch,
  { content, text, hasText }: TriggerBody,
): JsonObject {
  const args = isObject(content) && !trigger.wrap_body ? content : { body: content }
  return { ...args, ...(hasText && { raw_string: text }) }
}

/** The request as a preprocessor gets it, less what let it in: jobs are shown to others. */
export function triggerEvent(
  c: Context,
  { trigger, params }: RouteMatch,
  called: string,
  { content, text, hasText }: TriggerBody,
  hidden: string[],
): JsonObject {
  const { token: _secret, ...query } = c.req.query()
  return {
    kind: 'http',
    route: trigger.route_path,
    path: called,
    method: trigger.http_method,
    params,
    query: trigger.authentication_method === 'windmill' ? query : c.req.query(),
    headers: Object.fromEntries([...c.req.raw.headers].filter(([name]) => !hidden.includes(name))),
    body: content,
    raw_string: hasText ? text : null,
  }
}
