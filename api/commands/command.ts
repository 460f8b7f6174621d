import * as z from 'zod'
import type { Scope } from '../core/entities/access.ts'
import { idText } from '../core/entities/fields.ts'

type Shape = z.ZodRawShape
type Fields = z.ZodObject<Shape>
type Nothing = z.ZodObject<Record<never, never>>

/**
 * One verb of the product, told once. HTTP routes, OpenAPI, MCP tools and CLI commands are
 * translations of this; the service file of the same name carries it out.
 */
export interface Command<
  P extends Fields = Fields,
  Q extends Fields = Fields,
  B extends Fields = Fields,
  O extends z.ZodType = z.ZodType,
> {
  /** `<entity>.<verb>`, unique: operation id, tool name, key of the audit trail. */
  name: string
  summary: string
  scope: Scope
  method: 'get' | 'post' | 'patch' | 'put' | 'delete'
  /** Hono syntax below the API root: `/sprints/:sprint_id`. */
  path: string
  /** Status of a success that changed something; one that found nothing to do answers 200. */
  status: 200 | 201
  params: P
  query: Q
  body: B
  output: O
  /** What agents call it over MCP; without it, it is not offered there. */
  tool?: string
  /**
   * What it is called in a terminal, such as `adr create`; without it, `call` alone reaches it. A
   * field in brackets is an argument there: `[command...]` takes all words that follow as one text.
   */
  cli?: string
  /** Of a change whose answer is there to be read: agents get all of it, not a short echo. */
  told?: 'whole'
  /** Of a list: the fields that make a short answer, to agents and in a terminal. */
  brief?: readonly string[]
  /** Who answers besides the database; the verb refuses with 502 while nobody does. */
  asks?: 'windmill'
  /** The answer as a table too, for whom asks for CSV; its command takes `format` (`asTable`). */
  table?: Table<z.output<O>>
  /** Further tables of the answer, by what its query's `list` may be. */
  lists?: Record<string, Table<z.output<O>>>
}

/** How an answer reads as a table: the same columns in every row. */
export interface Table<T> {
  columns: readonly string[]
  rows(output: T): readonly Record<string, unknown>[]
}
/** Asks for the table; surfaces read it, services do not. */
export const asTable = { format: z.enum(['json', 'csv']).optional() }

export type InputOf<C> =
  C extends Command<infer P, infer Q, infer B, z.ZodType>
    ? FieldsOf<P> & FieldsOf<Q> & FieldsOf<B>
    : never
/** A part without fields adds nothing; its own type would forbid those of the other parts. */
type FieldsOf<T extends Fields> = keyof T['shape'] extends never ? unknown : z.output<T>
export type OutputOf<C> = C extends Command<Fields, Fields, Fields, infer O> ? z.output<O> : never

interface Declaration<P, Q, B, O> {
  name: string
  summary: string
  scope: Scope
  method: Command['method']
  path: string
  status?: 200 | 201
  params?: P
  query?: Q
  body?: B
  output: O
  tool?: string
  cli?: string
  told?: 'whole'
  brief?: readonly string[]
  asks?: 'windmill'
  table?: Table<z.output<O>>
  lists?: Record<string, Table<z.output<O>>>
}

const nothing: Nothing = z.strictObject({})

export function command<
  O extends z.ZodType,
  P extends Fields = Nothing,
  Q extends Fields = Nothing,
  B extends Fields = Nothing,
>(declared: Declaration<P, Q, B, O>): Command<P, Q, B, O> {
  return {
    status: 200,
    ...declared,
    params: declared.params ?? (nothing as Fields as P),
    // A filter that is not known must not be taken for one that lets everything through.
    query: (declared.query ?? (nothing as Fields as Q)).strict() as Fields as Q,
    body: declared.body ?? (nothing as Fields as B),
  }
}

export const byProject = z.object({ project_id: idText })
export const bySpec = z.object({ spec_id: idText })
export const bySprint = z.object({ sprint_id: idText })
export const byProtocol = z.object({ protocol_id: idText })
export const byStep = z.object({ step_id: idText })
export const byTask = z.object({ task_id: idText })

/** Paging of every list: an opaque cursor and a page of at most 1,000. */
export const page = {
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
}

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() })
