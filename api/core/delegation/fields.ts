import { isDeepStrictEqual } from 'node:util'
import type * as z from 'zod'

export type Json = z.infer<ReturnType<typeof z.json>>

/** What a file says, by field: those of a task or sprint, `agent_config.KEY`, and `generated.NAME`. */
export type Fields = Readonly<Record<string, Json>>

/** What keeps a file from being read or written. Lines and columns count from 1. */
export interface Problem {
  path: string
  line: number | null
  column: number | null
  message: string
}

/** What only the database writes: files show it, and are not asked for it. */
export const isGenerated = (field: string) => field.startsWith('generated.')

/** Beside a base: what a file says of a field, and somebody has decided against. */
export const settledField = (field: string) => `settled.${field}`

/** A file cannot tell no value from an empty one. */
export const isEmpty = (value: Json | undefined) =>
  value === undefined || value === null || value === '' || isDeepStrictEqual(value, [])

export const isSame = (a: Json | undefined, b: Json | undefined) =>
  (isEmpty(a) && isEmpty(b)) || isDeepStrictEqual(a, b)

/** A file as its reader found it: what it says and where. */
export interface Reading {
  fields: Fields
  /** The line of each field, from 1. */
  lines: Readonly<Record<string, number>>
  problems: Omit<Problem, 'path'>[]
}
