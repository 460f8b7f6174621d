import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type * as z from 'zod'
import { ApiMismatch, ApiUnavailable, refusal } from './api_errors.ts'
import { ask, type HttpRequest, NoAnswer } from './http.ts'
import { currentJob, type Job } from './job.ts'

/** The resource f/devgodzilla/api. */
export interface ApiResource {
  base_url: string
  token: string
}

export interface ApiOptions {
  job?: Job
  /** Pauses between attempts, in milliseconds; their number bounds the attempts. */
  pauses?: readonly number[]
  /** How long one attempt may take, in milliseconds. */
  timeout?: number
}

type Query = Record<string, string | number | boolean | undefined>

/**
 * The API, as flows speak to it. Every method answers the checked body.
 * @throws ApiRefused on a 4xx, ApiUnavailable when retrying did not help, ApiMismatch when the
 * answer is not of the expected shape
 */
export interface Api {
  get<T>(path: string, answer: z.ZodType<T>, query?: Query): Promise<T>
  post<T>(path: string, body: object, answer: z.ZodType<T>): Promise<T>
  put<T>(path: string, body: object, answer: z.ZodType<T>): Promise<T>
  patch<T>(path: string, body: object, answer: z.ZodType<T>): Promise<T>
  /** A POST that changes nothing: always answered afresh, never from an earlier attempt. */
  ask<T>(path: string, body: object, answer: z.ZodType<T>): Promise<T>
}

/** About sixteen seconds in all: long enough for an API that is being restarted. */
const patience = [250, 500, 1000, 2000, 4000, 8000]
const longestPause = 10_000

export function apiOf(resource: ApiResource, options: ApiOptions = {}): Api {
  const base = baseUrl(resource)
  const job = options.job ?? currentJob()
  const pauses = options.pauses ?? patience
  const timeout = options.timeout ?? 60_000
  const sent = new Map<string, number>()

  const headers: Record<string, string> = {
    accept: 'application/json',
    authorization: `Bearer ${resource.token}`,
    'x-correlation-id': job.root,
    ...(job.user ? { 'x-on-behalf-of': printable(job.user) } : {}),
  }

  /** One key per (step, request): a retry repeats it, another request of the step does not. */
  function idempotencyKey(asked: string, body: string): string {
    const request = createHash('sha256').update(`${job.step}\n${asked}\n${body}`).digest('hex')
    const nth = (sent.get(request) ?? 0) + 1
    sent.set(request, nth)
    return nth === 1 ? request : `${request}-${nth}`
  }

  async function call<T>(
    method: string,
    path: string,
    answer: z.ZodType<T>,
    body?: object,
    keyed = true,
  ): Promise<T> {
    const asked = `${method} ${path}`
    const content = body === undefined ? undefined : JSON.stringify(body)
    const request: HttpRequest = {
      method,
      timeout,
      headers: {
        ...headers,
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...(content !== undefined && keyed
          ? { 'idempotency-key': idempotencyKey(asked, content) }
          : {}),
      },
      ...(content === undefined ? {} : { body: content }),
    }
    for (let attempt = 0; ; attempt++) {
      const outcome = await once(`${base}${path}`, request)
      if ('text' in outcome) {
        if (outcome.status < 300) return checked(asked, answer, outcome.text)
        throw refusal(asked, outcome.status, outcome.text)
      }
      const pause = pauses[attempt]
      if (pause === undefined) {
        throw new ApiUnavailable(
          `${asked}: the API at ${base} did not answer in ${attempt + 1} attempts (${outcome.later}); ` +
            'check that it runs, and base_url of the resource f/devgodzilla/api',
        )
      }
      const jittered = pause * (0.75 + Math.random() / 2)
      await sleep(Math.min(longestPause, Math.max(jittered, outcome.after)))
    }
  }

  return {
    get: (path, answer, query) => call('GET', path + search(query), answer),
    post: (path, body, answer) => call('POST', path, answer, body),
    put: (path, body, answer) => call('PUT', path, answer, body),
    patch: (path, body, answer) => call('PATCH', path, answer, body),
    ask: (path, body, answer) => call('POST', path, answer, body, false),
  }
}

/** Either an answer to act on, or why it is worth asking again and how long to wait (ms). */
type Outcome = { status: number; text: string } | { later: string; after: number }

async function once(url: string, request: HttpRequest): Promise<Outcome> {
  try {
    const { status, headers, text } = await ask(url, request)
    if (status < 500 && status !== 429) return { status, text }
    const seconds = Number(headers['retry-after'] ?? 0)
    const reason = text.slice(0, 300).trim()
    return {
      later: `status ${status}${reason ? `: ${reason}` : ''}`,
      after: Number.isFinite(seconds) ? seconds * 1000 : 0,
    }
  } catch (error) {
    if (error instanceof NoAnswer) return { later: error.message, after: 0 }
    throw error
  }
}

function checked<T>(asked: string, answer: z.ZodType<T>, text: string): T {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (cause) {
    throw new ApiMismatch(`${asked} answered something that is not JSON: ${text.slice(0, 200)}`, {
      cause,
    })
  }
  const parsed = answer.safeParse(body)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new ApiMismatch(
    `${asked} answered in a shape these flows do not know (${issues.slice(0, 5).join('; ')}): ` +
      'bring the API and f/ to the same version',
  )
}

function baseUrl({ base_url, token }: ApiResource): string {
  const resource = 'the resource f/devgodzilla/api'
  if (!/^https?:\/\/[^/?#\s]+/.test(base_url ?? '')) {
    throw new TypeError(`base_url of ${resource} must begin with http:// or https://`)
  }
  if (!token) {
    throw new TypeError(
      `token of ${resource} is empty: set the secret variable f/devgodzilla/api_token`,
    )
  }
  return base_url.replace(/\/+$/, '')
}

function search(query: Query = {}): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) given.set(name, String(value))
  }
  return given.size > 0 ? `?${given}` : ''
}

/** A header takes printable ASCII only; a name may be written in any script. */
const printable = (value: string) =>
  /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(value) ? value : encodeURIComponent(value)
