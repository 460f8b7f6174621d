/** What the bridge must know of a message to pass it on. */
export interface Message {
  /** Null where no answer is expected: a notification, or an answer of the client. */
  id: string | number | null
  headers: Record<string, string>
  /** The request that this message takes back. */
  cancels: string | number | null
}

interface Raw {
  id?: unknown
  method?: unknown
  params?: {
    _meta?: Record<string, unknown>
    name?: unknown
    uri?: unknown
    requestId?: unknown
  }
}

const versionOf = 'io.modelcontextprotocol/protocolVersion'

/** Reads one line. @throws SyntaxError where it is not JSON */
export function readMessage(line: string): Message {
  const raw = (JSON.parse(line) ?? {}) as Raw
  const method = typeof raw.method === 'string' ? raw.method : null
  const cancels = method === 'notifications/cancelled' ? idOf(raw.params?.requestId) : null
  return {
    id: method === null ? null : idOf(raw.id),
    headers: { ...mirrored(raw, method), ...repeatable(method) },
    cancels,
  }
}

const idOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? value : null

/** Since 2026-07-28 a request by HTTP says in its headers what it says in its body, too. */
function mirrored({ params }: Raw, method: string | null): Record<string, string> {
  const version = params?._meta?.[versionOf]
  if (method === null || typeof version !== 'string') return {}
  const named = method === 'resources/read' ? params?.uri : params?.name
  return {
    'MCP-Protocol-Version': version,
    'Mcp-Method': method,
    ...(typeof named === 'string' ? { 'Mcp-Name': headerSafe(named) } : {}),
  }
}

const headerSafe = (text: string) =>
  /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text)
    ? text
    : `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`

/** A call that has to be sent twice, since its connection broke, is carried out once. */
const repeatable = (method: string | null): Record<string, string> =>
  method === 'tools/call' ? { 'Idempotency-Key': crypto.randomUUID() } : {}
