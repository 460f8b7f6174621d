import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { isObject } from '../json.ts'
import type { Ending } from '../store/jobs.ts'
import { awaitJob } from './await-job.ts'
import { Refusal } from './refusal.ts'
import type { Services } from './services.ts'

/** Waits for a job and answers with its result. @throws Refusal (503) when the engine closes */
export async function waitedResult(services: Services, c: Context, id: string): Promise<Response> {
  const signal = AbortSignal.any([c.req.raw.signal, services.machinery.stopping])
  const ending = await awaitJob(services, id, signal)
  if (!ending) throw new Refusal(503, `the engine is closing; job ${id} goes on when it is back`)
  return resultAnswer(c, ending)
}

/**
 * Answers with a job's result. A result may choose its own answer by `windmill_status_code`,
 * `windmill_headers` and `windmill_content_type`, and then holds the body in `result`.
 */
function resultAnswer(
  c: Context,
  { success, result }: Pick<Ending, 'success' | 'result'>,
): Response {
  if (!success) return c.json(result, 500)
  if (!isObject(result)) return c.json(result)
  const { windmill_status_code: code, windmill_headers: headers } = result
  const type = result.windmill_content_type
  if (code === undefined && headers === undefined && type === undefined) return c.json(result)
  if (isObject(headers)) {
    for (const [name, value] of Object.entries(headers)) c.header(name, String(value))
  }
  const status = (isStatus(code) ? code : 200) as ContentfulStatusCode
  const body = result.result ?? null
  if (typeof type !== 'string') return c.json(body, status)
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return c.body(text, status, { 'Content-Type': type })
}

/** Statuses without a body, and those below 200, cannot carry a result. */
function isStatus(code: unknown): code is number {
  return (
    Number.isInteger(code) &&
    Number(code) >= 200 &&
    Number(code) <= 599 &&
    ![204, 205, 304].includes(Number(code))
  )
}
