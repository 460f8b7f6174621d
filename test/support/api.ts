import { pino } from 'pino'
import { afterAll } from 'vitest'
import { type ApiConfig, startApi } from '../../api/main.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import { idleWindmill } from './idle-windmill.ts'
import { allIsTold } from './told.ts'

export { eventually } from './eventually.ts'

export interface Answer {
  status: number
  // Tests read answers as JSON of any shape; what they expect of it is what they assert.
  body: Json
}
export type Json = ReturnType<typeof JSON.parse>

export interface TestApi {
  url: string
  database: TestDatabase
  adminToken: string
  request(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<Answer>
  get(path: string, options?: RequestOptions): Promise<Answer>
  post(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>
  patch(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>
  put(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>
  delete(path: string, options?: RequestOptions): Promise<Answer>
}

export interface RequestOptions {
  token?: string | null
  headers?: Record<string, string>
}

export interface ApiOptions {
  windmillUrl?: string
  windmillToken?: string
  sprintIntegration?: boolean
  rateLimit?: number
  receiveWithin?: number
  outgoing?: ApiConfig['outgoing']
  sampling?: ApiConfig['sampling']
  instanceKey?: string
  database?: TestDatabase
}

/** What senders of webhooks sign with, in tests. */
export const webhookSecret = 'test-webhook-secret'

/** An API of its own for a test file, over real HTTP, on a database of its own. */
export async function testApi(options: ApiOptions = {}): Promise<TestApi> {
  const database = options.database ?? (await testDatabase())
  const adminToken = 'test-admin-token'
  const baseUrl = options.windmillUrl ?? (await idleWindmill())
  const api = await startApi({
    databaseUrl: database.url,
    host: '127.0.0.1',
    port: 0,
    adminToken,
    windmill: () => ({
      baseUrl,
      token: options.windmillToken ?? 'unused',
      workspace: 'devgodzilla',
    }),
    webhookSecret,
    sprintIntegration: options.sprintIntegration ?? true,
    rateLimit: options.rateLimit ?? 1_000_000,
    ...(options.receiveWithin === undefined ? {} : { receiveWithin: options.receiveWithin }),
    sampling: options.sampling,
    ...(options.instanceKey ? { instanceKey: options.instanceKey } : {}),
    ...(options.outgoing ? { outgoing: options.outgoing } : {}),
    consoleDir: null,
    log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
  })
  afterAll(() => api.close())
  return clientOf(api.url, adminToken, database)
}

/** Calls an API and reads its JSON answers. */
export function clientOf(url: string, adminToken: string, database: TestDatabase): TestApi {
  const request: TestApi['request'] = async (method, path, body, given = {}) => {
    const token = given.token === undefined ? adminToken : given.token
    if (method === 'GET' && /^\/events\b/.test(path)) await allIsTold(database)
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...given.headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    const json = response.headers.get('Content-Type')?.includes('json')
    return { status: response.status, body: json ? JSON.parse(text) : text }
  }
  return {
    url,
    database,
    adminToken,
    request,
    get: (path, given) => request('GET', path, undefined, given),
    post: (path, body, given) => request('POST', path, body ?? {}, given),
    patch: (path, body, given) => request('PATCH', path, body ?? {}, given),
    put: (path, body, given) => request('PUT', path, body ?? {}, given),
    delete: (path, given) => request('DELETE', path, undefined, given),
  }
}
