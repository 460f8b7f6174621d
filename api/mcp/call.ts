import { type CallToolResult, ProtocolError } from '@modelcontextprotocol/server'
import type { Command } from '../commands/command.ts'
import { DomainError } from '../core/errors.ts'
import { didYouMean, nearestOf } from '../core/nearest.ts'
import { projectToRead } from '../services/project/implied.ts'
import { readInput } from '../services/read-input.ts'
import { type Asker, authorise, type Caller } from '../services/runtime.ts'
import type { Db } from '../store/database.ts'
import { answered } from './answer.ts'
import type { Floor } from './floor.ts'
import { invalidParams, refused } from './refusal.ts'
import { type AgentTool, page } from './tools.ts'

type Fields = Record<string, unknown>

/**
 * Calls a tool. A refusal is an answer that says what to do; @throws ProtocolError where no tool has
 * this name, naming the nearest
 */
export async function callTool(
  { runtime }: Floor,
  tools: ReadonlyMap<string, AgentTool>,
  asker: Asker,
  { name, arguments: given = {} }: { name: string; arguments?: Fields | undefined },
): Promise<CallToolResult> {
  const tool = tools.get(name)
  if (!tool) {
    const near = nearestTools(name, [...tools.keys()])
    throw new ProtocolError(
      invalidParams,
      `There is no tool ${name.slice(0, 200)}.${didYouMean(near)}`,
    )
  }
  const { command } = tool.verb
  try {
    // Older clients may send many calls in one message.
    await asker.spend()
    const { fields, caller } = takenBy(command, asker, given)
    authorise(command, caller)
    const parts = partsOf(command, await withProject(runtime.db, caller, command, fields))
    const input = await readInput(runtime.db, command, parts)
    const { output } = await tool.verb.run(runtime, caller, input as never)
    return answered(command, output)
  } catch (error) {
    return refused(error, asker, name)
  }
}

/** The fields that are the command's own, and the caller with what every tool takes besides. */
function takenBy(command: Command, { caller, tokenId }: Asker, given: Fields) {
  const { session_key, idempotency_key, ...own } = given
  const session = textIn('session_key', session_key)
  const key = textIn('idempotency_key', idempotency_key)
  const isOwn = [command.params, command.query, command.body].some(
    (it) => 'session_key' in it.shape,
  )
  const fields: Fields = isOwn && session !== null ? { ...own, session_key: session } : own
  return {
    fields,
    caller: {
      ...caller,
      // Where it is what the verb is about, the verb says itself in which session it acts.
      sessionKey: isOwn ? caller.sessionKey : (session ?? caller.sessionKey),
      // Else that of the request, which a bridge sends so that it may send a call twice.
      idempotencyKey: key === null ? caller.idempotencyKey : `${tokenId}:${key}`,
    },
  }
}

function textIn(field: string, value: unknown): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value)) return value
  const message = 'must be 1 to 200 visible ASCII characters'
  throw new DomainError('invalid', field, `${field} ${message}.`, { fields: [{ field, message }] })
}

/** A path always names the project; an agent who works in one need not. */
async function withProject(
  db: Db,
  caller: Caller,
  command: Command,
  fields: Fields,
): Promise<Fields> {
  if (!('project_id' in command.params.shape) || fields.project_id !== undefined) return fields
  return { ...fields, project_id: (await projectToRead(db, caller)).id }
}

/** Which part of the request a field would be in; what nobody knows is for the body to refuse. */
function partsOf(command: Command, fields: Fields) {
  const parts = { params: {} as Fields, query: {} as Fields, body: {} as Fields }
  for (const [name, value] of Object.entries(fields)) {
    if (name in command.params.shape) parts.params[name] = value
    else if (name in command.query.shape || command.method === 'get') parts.query[name] = value
    else parts.body[name] = value
  }
  if ('limit' in command.query.shape) {
    const asked = parts.query.limit ?? page.usual
    parts.query.limit = typeof asked === 'number' ? Math.min(asked, page.most) : asked
  }
  return parts
}

/** By what differs: all of them begin alike, which would make any name look like a slip. */
function nearestTools(name: string, tools: readonly string[]): string[] {
  const own = (tool: string) => tool.replace(/^orchestration_/, '')
  return nearestOf(own(name), tools.map(own), 3).map((it) => `orchestration_${it}`)
}
