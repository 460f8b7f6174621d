import { type CallToolResult, ProtocolError } from '@modelcontextprotocol/server'
import { DomainError } from '../core/errors.ts'
import { isOutage } from '../core/outage.ts'
import type { Asker } from '../services/runtime.ts'

/**
 * An error as an agent can act on it: what was wrong, by which rule, in which field, and the way
 * out. What nobody foresaw is opaque here and whole in the log.
 */
export function refused(error: unknown, asker: Asker, tool: string): CallToolResult {
  if (error instanceof DomainError) {
    const { code, rule, message: detail, fields } = error
    return told({ code, rule, detail, ...(fields.length > 0 ? { errors: fields } : {}) })
  }
  if (isOutage(error)) {
    asker.log.warn({ err: error, tool }, 'a tool found the database away')
    return told({
      code: 'unavailable',
      rule: 'database_answers',
      detail:
        'The database does not answer just now. Call the tool again in a moment; a change with the same idempotency_key, since it may have been made.',
    })
  }
  asker.log.error({ err: error, tool }, 'a tool failed')
  return told({
    code: 'internal',
    detail: 'Something went wrong on our side; the log has it under this request id.',
    request_id: asker.requestId,
  })
}

/** JSON-RPC's "invalid params", which MCP has for names that are not there, and "internal error". */
export const invalidParams = -32602
const internalError = -32603

/** The same where the protocol has no answer that could carry a refusal. */
export function asProtocol(error: unknown, asker: Asker, method: string): ProtocolError {
  if (error instanceof ProtocolError) return error
  if (error instanceof DomainError) return new ProtocolError(invalidParams, error.message)
  const [said] = refused(error, asker, method).content
  return new ProtocolError(internalError, said?.type === 'text' ? said.text : 'internal error')
}

function told(error: { detail: string } & Record<string, unknown>): CallToolResult {
  const { detail, ...rest } = error
  return {
    isError: true,
    content: [{ type: 'text', text: `${detail}\n${JSON.stringify(rest)}` }],
    structuredContent: { error },
  }
}
