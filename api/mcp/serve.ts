import {
  type AuthInfo,
  createMcpHandler,
  isLegacyRequest,
  type McpHttpHandler,
  Server,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { jsonInUtf8 } from '../core/json-in-utf8.ts'
import type { Asker } from '../services/runtime.ts'
import { callTool } from './call.ts'
import type { Floor } from './floor.ts'
import { instructions } from './instructions.ts'
import { getPrompt, prompts } from './prompts.ts'
import { asProtocol } from './refusal.ts'
import { completed, readResource, resourceTemplates, sprintsAsResources } from './resources.ts'
import { offeredTo, toolsOf } from './tools.ts'

/** Answers one HTTP request to `/mcp`, which the caller has authenticated. */
export type ServeMcp = (request: Request, asker: Asker) => Promise<Response>

/**
 * MCP by streamable HTTP without sessions: each request is answered by a server of its own, in JSON.
 * Clients of the revision 2026-07-28 and those before it, which begin with `initialize`, find the
 * same tools, resources and prompts.
 */
export function createMcp(floor: Floor): ServeMcp {
  const tools = toolsOf(floor.verbs)
  const server = (asker: Asker) => {
    const made = new Server(
      { name: 'devgodzilla', title: 'DevGodzilla', version: '0.1.0' },
      {
        capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
        instructions,
        // Nothing is asked of the client that would have to be checked; the usual one costs
        // milliseconds each time.
        jsonSchemaValidator: {
          getValidator: () => (data) => ({ valid: true, data, errorMessage: undefined }) as never,
        },
      },
    )
    /** What nobody foresaw is told by nobody but the log. */
    const plainly = <T>(method: string, work: Promise<T>): Promise<T> =>
      work.catch((error: unknown) => {
        throw asProtocol(error, asker, method)
      })
    made.setRequestHandler('tools/list', () => ({ tools: offeredTo(asker.caller.role, tools) }))
    made.setRequestHandler('tools/call', ({ params }) => callTool(floor, tools, asker, params))
    made.setRequestHandler('resources/list', ({ method }) =>
      plainly(method, sprintsAsResources(floor, asker)),
    )
    made.setRequestHandler('resources/templates/list', () => ({ resourceTemplates }))
    made.setRequestHandler('resources/read', ({ method, params }) =>
      plainly(method, readResource(floor, asker, params.uri)),
    )
    made.setRequestHandler('prompts/list', () => ({ prompts }))
    made.setRequestHandler('prompts/get', ({ params }) => getPrompt(params))
    made.setRequestHandler('completion/complete', ({ method, params }) =>
      plainly(method, completed(floor, asker, params)),
    )
    return made
  }
  const modern = createMcpHandler(({ authInfo }) => server(askerIn(authInfo)), {
    legacy: 'reject',
    // Nothing here changes while a client looks on: there is no news to subscribe to.
    maxSubscriptions: 0,
  })
  return async (request, asker) => {
    let parsedBody: unknown
    if (request.method === 'POST') {
      // Once: each who looks at a request would read it anew.
      const bytes = await request.arrayBuffer()
      try {
        parsedBody = jsonInUtf8(bytes)
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error)
        return refused(400, -32700, `The body is not JSON in UTF-8: ${said}`)
      }
    }
    return (await isLegacyRequest(request, parsedBody))
      ? before2026(server(asker), request, parsedBody)
      : now(modern, request, asker, parsedBody)
  }
}

/** In the words of the protocol, to a message that cannot be told from others. */
const refused = (
  status: number,
  code: number,
  message: string,
  headers: Record<string, string> = {},
) => Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status, headers })

async function before2026(
  server: Server,
  request: Request,
  parsedBody: unknown,
): Promise<Response> {
  // Of a session, which there is none of, or of a stream, which nothing is ever sent on.
  if (request.method !== 'POST') {
    return refused(405, -32000, 'Only POST is served here.', { Allow: 'POST' })
  }
  const transport = new WebStandardStreamableHTTPServerTransport({
    enableJsonResponse: true,
  })
  await server.connect(transport)
  const response = await transport.handleRequest(request, { parsedBody })
  // The answer is whole by now: JSON is sent when every request of the message is answered.
  await server.close()
  return response
}

const now = (modern: McpHttpHandler, request: Request, asker: Asker, parsedBody: unknown) =>
  modern.fetch(request, {
    parsedBody,
    authInfo: { token: '', clientId: asker.caller.actor, scopes: [], extra: { asker } },
  })

const askerIn = (authInfo: AuthInfo | undefined) => authInfo?.extra?.asker as Asker
