import { namePattern } from '../core/addresses.ts'

type Json = Record<string, unknown>

const text = (description: string, type: string) => ({
  description,
  content: { [type]: { schema: { type: 'string' } } },
})
const json = (description: string, schema: Json) => ({
  description,
  content: { 'application/json': { schema } },
})
const object = (properties: Record<string, Json>, required = Object.keys(properties)) => ({
  type: 'object',
  required,
  additionalProperties: false,
  properties,
})
const string = { type: 'string' }
const name = { ...string, pattern: namePattern }
const anId = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }

const who = {
  token_id: anId,
  name: string,
  role: { enum: ['admin', 'member', 'agent', 'viewer'] },
  scopes: { type: 'array', items: { enum: ['read', 'work', 'plan', 'admin'] } },
}
const query = (name: string, schema: Json, description?: string) => ({
  name,
  in: 'query',
  required: false,
  schema,
  ...(description ? { description } : {}),
})
const readiness = object(
  { status: string, reason: string, sprint_integration: { type: 'boolean' } },
  ['status'],
)

/**
 * The routes that are no verbs, described for OpenAPI.
 * @param refused the answers of these statuses, as every operation refuses
 */
export function routesBeside(refused: (...statuses: number[]) => Json): Record<string, Json> {
  const about = (operationId: string, summary: string, rest: Json) => ({
    operationId,
    summary,
    tags: [operationId.split('.')[0]],
    parameters: [],
    ...rest,
  })
  return {
    '/health': {
      get: about('service.health', 'The process answers', {
        security: [],
        parameters: [
          {
            ...{ name: 'challenge', in: 'query', schema: { type: 'string' } },
            description:
              '64 hex digits: the proof is their HMAC with address and port, by the key of the data folder',
          },
        ],
        responses: {
          200: json('It does', {
            type: 'object',
            required: ['status'],
            properties: { status: string, proof: string },
          }),
        },
      }),
    },
    '/ready': {
      get: about('service.ready', 'All of it is up, and its database answers', {
        security: [],
        responses: { 200: json('It is', readiness), 503: json('Not yet, or not now', readiness) },
      }),
    },
    '/metrics': {
      get: about('service.metrics', 'Counters and times, as Prometheus reads them', {
        responses: { 200: text('The text format', 'text/plain'), ...refused(401, 429) },
      }),
    },
    '/openapi.json': {
      get: about('service.openapi', 'This document', {
        responses: { 200: json('OpenAPI 3.1', { type: 'object' }), ...refused(401, 429) },
      }),
    },
    '/auth/login': {
      post: about('login.begin', 'Trade a one-time code or a token for a session cookie', {
        security: [],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                anyOf: [
                  object({ code: { ...string, maxLength: 200 } }),
                  object({ token: { ...string, maxLength: 500 } }),
                ],
              },
            },
          },
        },
        responses: {
          200: json('Logged in; the cookie is set', object(who)),
          ...refused(400, 401, 403, 408, 413, 422, 429),
        },
      }),
    },
    '/auth/me': {
      get: about('login.who', 'Who the token or session belongs to, and what it may do', {
        responses: {
          200: json(
            'Who asks, and where the stream of events ends',
            object({ ...who, cursor: string }),
          ),
          ...refused(401, 429),
        },
      }),
    },
    '/auth/logout': {
      post: about('login.end', 'End the session and forget its cookie', {
        responses: {
          200: json('Logged out', object({ ok: { const: true } })),
          ...refused(401, 403, 408, 413, 422, 429),
        },
      }),
    },
    '/events/stream': {
      get: about('event.stream', 'Events as they commit, as server-sent events', {
        description:
          'Each message has the event as its data and its cursor as its id. A client that comes back sends the last one as `Last-Event-ID`.',
        parameters: [
          query('project_id', name, 'id or slug'),
          query('sprint_id', name, 'id or code'),
          query('protocol_run_id', anId),
          query('type', { ...string, maxLength: 1000 }),
          query('after', { ...string, maxLength: 40 }, 'a cursor; Last-Event-ID goes first'),
        ],
        responses: {
          200: text('A stream without an end', 'text/event-stream'),
          ...refused(401, 404, 422, 429),
        },
      }),
    },
    '/ws': {
      get: about('event.socket', 'Events of rooms, over a WebSocket', {
        description:
          'Send `{"type":"subscribe","rooms":["sprint:12"],"after":"<cursor>"}`; a room is a project, sprint or run by its id, the first two also by slug and code. Answers are `{"type":"subscribed","rooms":…}`, then `{"type":"event","event":…}`, or `{"type":"error","rule":…,"detail":…}`.',
        responses: {
          101: { description: 'The socket is open' },
          ...refused(401, 403, 426, 429),
        },
      }),
    },
  }
}
