import type { Tool } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { inputSchemaOf } from '../commands/addressable.ts'
import type { Command } from '../commands/command.ts'
import { grants, type Role } from '../core/entities/access.ts'
import { idText } from '../core/entities/fields.ts'
import type { AnyVerb } from '../services/runtime.ts'

type Json = Record<string, unknown>

/** A verb as agents call it. */
export interface AgentTool {
  verb: AnyVerb
  told: Tool
}

/** Entries of a page: what an agent reads at once, and the most it may ask for. */
export const page = { usual: 20, most: 100 }

/** Fields for programs and people: a table in place of JSON, the guard of a form, a card's place. */
const notForAgents = ['expected', 'format', 'position', 'override_reason']

/** Every verb that has a name for agents, by that name. */
export function toolsOf(verbs: readonly AnyVerb[]): ReadonlyMap<string, AgentTool> {
  const named = verbs.filter(({ command }) => command.tool !== undefined)
  return new Map(
    named.map((verb) => [verb.command.tool ?? '', { verb, told: described(verb.command) }]),
  )
}

/** What a role may call; the others would be refused. */
export const offeredTo = (role: Role, tools: ReadonlyMap<string, AgentTool>): Tool[] =>
  [...tools.values()].filter(({ verb }) => grants(role, verb.command.scope)).map(({ told }) => told)

function described(command: Command): Tool {
  const reads = command.method === 'get'
  return {
    name: command.tool ?? command.name,
    description: command.summary,
    inputSchema: inputSchema(command),
    annotations: {
      readOnlyHint: reads,
      openWorldHint: command.asks !== undefined,
      ...(reads
        ? {}
        : {
            destructiveHint: command.method === 'delete',
            idempotentHint: command.method !== 'post',
          }),
    },
  }
}

function inputSchema(command: Command): Tool['inputSchema'] {
  const parts = [command.params, command.query, command.body].map(inputSchemaOf).map(numbered)
  const own = Object.assign({}, ...parts.map((it) => it.properties ?? {})) as Json
  const definitions = Object.assign({}, ...parts.map((it) => it.$defs ?? {})) as Json
  const asked = Object.entries(own).filter(([name]) => !leftOut(command, name))
  const properties = Object.fromEntries(asked.map(([name, it]) => [name, slim(it) as Json]))
  // Where nobody says so, `callTool` says which.
  const impliesProject = 'project_id' in command.params.shape
  if (impliesProject) properties.project_id = describedAs(properties.project_id, whichProject)
  if (properties.limit) {
    properties.limit = { type: 'integer', minimum: 1, maximum: page.most, default: page.usual }
  }
  return {
    type: 'object',
    properties: { ...properties, ...besides(command, properties) },
    required: parts
      .flatMap((it) => it.required ?? [])
      .filter((name) => name in properties && !(impliesProject && name === 'project_id')),
    additionalProperties: false,
    ...(Object.keys(definitions).length > 0 ? { $defs: slim(definitions) as Json } : {}),
  } as Tool['inputSchema']
}

const whichProject = 'id or slug; default: that of the session, else the only one there is'
const describedAs = (property: unknown, description: string) => ({
  ...(property as Json),
  description,
})

/** An id is a number in every answer, so it is one here, although it is text in a path. */
function numbered(schema: ReturnType<typeof inputSchemaOf>): ReturnType<typeof inputSchemaOf> {
  const number = ({ pattern, ...plain }: Json): Json =>
    pattern === idPattern
      ? { ...plain, type: 'integer' }
      : { ...plain, ...(pattern === undefined ? {} : { pattern }) }
  const entries = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const ways = property.anyOf
    return [name, Array.isArray(ways) ? { ...property, anyOf: ways.map(number) } : number(property)]
  })
  return { ...schema, properties: Object.fromEntries(entries) }
}
const idPattern = z.toJSONSchema(idText, { io: 'input' }).pattern

const leftOut = (command: Command, name: string) =>
  notForAgents.includes(name) && (name !== 'format' || command.table !== undefined)

/** What every tool takes: the session it is called in and, of a change, the key of a repeat. */
function besides(command: Command, own: Json): Json {
  return {
    ...('session_key' in own
      ? {}
      : {
          session_key: {
            type: 'string',
            description: 'the session you work in, as orchestration_agent_init answered it',
          },
        }),
    ...(command.method === 'get'
      ? {}
      : {
          idempotency_key: {
            type: 'string',
            description: 'a repeat with the same key and input answers what the first one did',
          },
        }),
  }
}

/** Bounds that tell an agent nothing it would not be told when it breaks them. */
const unsaid = [
  '$schema',
  'minLength',
  'maxLength',
  'maxItems',
  'exclusiveMinimum',
  'propertyNames',
]
const longestPattern = 60

/** Without what says nothing to a reader: all of this is read before anything is done. */
function slim(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(slim)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).filter(([key, value]) => isSaid(key, value))
  const kept = Object.fromEntries(entries.map(([key, value]) => [key, slim(value)]))
  const ways = Array.isArray(kept.anyOf) ? merged(kept.anyOf as Json[]) : null
  if (!ways) return kept
  const { anyOf: _, ...rest } = kept
  return ways.length === 1 ? { ...ways[0], ...rest } : { ...rest, anyOf: ways }
}

const isSaid = (key: string, value: unknown) =>
  // A field may have any of these names; what it then holds is a schema.
  (typeof value === 'object' && value !== null) ||
  !(
    unsaid.includes(key) ||
    (key === 'id' && typeof value === 'string') ||
    (key === 'pattern' && String(value).length > longestPattern) ||
    (key === 'maximum' && value === Number.MAX_SAFE_INTEGER)
  )

/** The ways to give a value, with those that are texts of one kind or another as one. */
function merged(ways: readonly Json[]): Json[] {
  const flat = ways.flatMap((it) => (Array.isArray(it.anyOf) ? (it.anyOf as Json[]) : [it]))
  const texts = flat.filter((it) => it.type === 'string' && !it.enum)
  const others = flat.filter((it) => !texts.includes(it))
  return texts.length > 1 ? [{ type: 'string' }, ...others] : flat
}
