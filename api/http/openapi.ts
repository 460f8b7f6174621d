import * as z from 'zod'
import { addressable } from '../commands/addressable.ts'
import type { Command } from '../commands/command.ts'
import { WebhookAnswer } from '../commands/notices.ts'
import { addressed } from '../core/addresses.ts'
import { routesBeside } from './routes-beside.ts'
import { type DescribedHook, describedHooks } from './webhooks/describe.ts'

type Json = Record<string, unknown>

/** The API described in OpenAPI 3.1, from the commands it is made of. */
export function openApiOf(commands: readonly Command[]): Json {
  const schemas: Json = { Problem: problemSchema }
  const paths: Record<string, Json> = routesBeside(refused)
  for (const command of commands) {
    const path = command.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [command.method]: operation(command, schemas) }
  }
  for (const hook of describedHooks) paths[hook.path] = { post: hookOperation(hook, schemas) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'DevGodzilla',
      version: '0.1.0',
      description: `Specs, protocol runs and sprints, telling one story.\n\n${ofMcp}`,
    },
    // The same routes answer below /api.
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas,
      responses: Object.fromEntries(
        Object.entries(refusals).map(([status, description]) => [
          `Refused${status}`,
          { description, content: { 'application/problem+json': { schema: ref('Problem') } } },
        ]),
      ),
    },
  }
}

const ofMcp =
  'Agents find the same verbs as tools at `/mcp`, with the same tokens: MCP by streamable HTTP, in the revisions up to 2026-07-28, where each POST of a message is answered in JSON. It keeps no sessions and opens no streams of its own, so GET and DELETE are answered 405. See https://modelcontextprotocol.io/specification and "Agents" in the README.'

/** Every way to say no; each answer is a Problem that names the rule, and the field at fault. */
const refusals: Record<number, string> = {
  400: 'The request is not well-formed',
  401: 'There is no token, or it is unknown, revoked or expired',
  403: 'The role of the token does not allow this',
  404: 'There is nothing by this id, code or slug',
  408: 'The request did not arrive in time',
  409: 'A rule forbids this as things are',
  413: 'The body is too large',
  422: 'A field is not what it should be',
  426: 'Only a WebSocket is served here',
  429: 'Too many requests; Retry-After says when to go on',
  502: 'Windmill does not answer, or not as Windmill does',
}

const refused = (...statuses: number[]): Json =>
  Object.fromEntries(statuses.map((it) => [it, { $ref: `#/components/responses/Refused${it}` }]))

function operation(command: Command, schemas: Json): Json {
  const tag = command.name.split('.')[0] ?? command.name
  const changes = command.method !== 'get'
  const body = Object.keys(command.body.shape).length > 0
  const json = jsonContent(schemaOf(command.output, 'output', schemas))
  const answer = command.table
    ? { content: { ...json.content, ...csv(command.table.columns) } }
    : json
  return {
    operationId: command.name,
    summary: command.summary,
    description: `Needs the scope \`${command.scope}\`.`,
    tags: [tag],
    parameters: [
      ...parameters(command.params, 'path', schemas),
      ...parameters(command.query, 'query', schemas),
      ...(changes ? [idempotencyKey, workSession] : []),
    ],
    ...(body
      ? {
          requestBody: {
            required: !command.body.safeParse({}).success,
            ...jsonContent(addressable(schemaOf(command.body, 'input', schemas))),
          },
        }
      : {}),
    responses: {
      [command.status]: { description: 'Done', ...answer },
      ...(command.status === 201
        ? { 200: { description: 'It was there already', ...answer } }
        : {}),
      ...refused(401, 403, 422, 429),
      ...(changes ? refused(400, 404, 408, 409, 413) : {}),
      ...(namesThings(command) ? refused(404) : {}),
      ...(command.asks ? refused(502) : {}),
    },
  }
}

const namesThings = ({ params, query }: Command) =>
  Object.keys(params.shape).length > 0 || Object.keys(query.shape).some((it) => it in addressed)

/** Open without a token: whoever can sign the body may send it. */
function hookOperation(hook: DescribedHook, schemas: Json): Json {
  const answer = jsonContent(schemaOf(WebhookAnswer, 'output', schemas))
  return {
    operationId: hook.operationId,
    summary: hook.summary,
    description: hook.description,
    tags: ['webhook'],
    security: [],
    parameters: Object.entries(hook.headers).map(([name, description]) => ({
      ...{ name, in: 'header', required: true, description },
      schema: { type: 'string' },
    })),
    requestBody: { required: true, ...jsonContent(schemaOf(hook.body, 'input', schemas)) },
    responses: {
      202: { description: 'It will be worked on', ...answer },
      200: { description: 'A repeat, or nothing to do', ...answer },
      ...refused(400, 401, 404, 408, 409, 413, 422, 429),
    },
  }
}

const jsonContent = (schema: Json) => ({ content: { 'application/json': { schema } } })
const csv = (columns: readonly string[]) => ({
  'text/csv': { schema: { type: 'string', description: `Columns: ${columns.join(', ')}` } },
})
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A repeat with the same key and request answers what the first one did.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
}

const workSession = {
  name: 'X-Session-Key',
  in: 'header',
  required: false,
  description: 'The session of an agent that this is done in, as POST /agent/init answers it.',
  schema: { type: 'string', pattern: '^ws-[0-9a-f]{32}$' },
}

function parameters(fields: z.ZodObject, place: 'path' | 'query', schemas: Json): Json[] {
  const schema = addressable(schemaOf(fields, 'input', schemas), true) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (schema.required ?? []).includes(name),
    schema: property,
  }))
}

/** A JSON schema whose named parts are moved to the components. */
function schemaOf(type: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const {
    $schema: _,
    $defs = {},
    ...schema
  } = z.toJSONSchema(type, { io, unrepresentable: 'any' }) as Json & {
    $defs?: Record<string, Json>
  }
  for (const [name, definition] of Object.entries($defs)) schemas[name] ??= moved(definition)
  const name = schema.id
  if (typeof name !== 'string') return moved(schema)
  schemas[name] ??= moved(schema)
  return ref(name)
}

const moved = (schema: Json): Json => {
  const { id: _, ...rest } = schema
  return JSON.parse(JSON.stringify(rest).replaceAll('"#/$defs/', '"#/components/schemas/'))
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    rule: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: { field: { type: 'string' }, message: { type: 'string' } },
      },
    },
    requestId: { type: 'string' },
  },
}
