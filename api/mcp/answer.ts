import type { CallToolResult } from '@modelcontextprotocol/server'
import type { Command } from '../commands/command.ts'

/** The longest text (characters) and list (entries). */
interface Limits {
  text: number
  entries: number
}
const whole: Limits = { text: Number.POSITIVE_INFINITY, entries: Number.POSITIVE_INFINITY }
/** Of an entry of a page, which can be read by itself. */
const inPage: Limits = { text: 300, entries: 50 }
/** Of what whoever changed something knows already. */
const echoed: Limits = { text: 1000, entries: 50 }

/**
 * An answer as an agent gets it: as an object, and the same as text for clients that show no
 * objects. Without what says nothing, and small where it is a list or an echo.
 */
export function answered(command: Command, output: unknown): CallToolResult {
  const small = isObject(output) ? made(command, output) : { value: output ?? null }
  return {
    content: [{ type: 'text', text: JSON.stringify(small) }],
    structuredContent: small,
  }
}

function made(command: Command, output: Fields): Fields {
  const limits = command.method === 'get' || command.told === 'whole' ? whole : echoed
  const entries = Object.entries(output).map(([name, value]): [string, unknown] => {
    if (name !== 'items' || !Array.isArray(value)) return [name, bare(value, limits)]
    return [name, value.map((it) => (isObject(it) ? item(it, command.brief) : it))]
  })
  return Object.fromEntries(entries.filter(([name, it]) => name === 'items' || !isNothing(it)))
}

function item(fields: Fields, brief: readonly string[] | undefined): unknown {
  const entries = Object.entries(fields).filter(([name]) => brief?.includes(name) ?? true)
  return bare(Object.fromEntries(entries), inPage)
}

/** The value without empty fields, and no longer than the limits. */
function bare(value: unknown, limits: Limits): unknown {
  if (typeof value === 'string') return cut(value, limits.text)
  if (Array.isArray(value)) {
    const kept = value.slice(0, limits.entries).map((it) => bare(it, limits))
    const more = value.length - kept.length
    return more > 0 ? [...kept, `… and ${more.toLocaleString('en')} more`] : kept
  }
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([name, it]) => [name, bare(it, limits)] as const)
  return Object.fromEntries(entries.filter(([, it]) => !isNothing(it)))
}

function cut(text: string, length: number): string {
  if (text.length <= length) return text
  const kept = text.slice(0, length).toWellFormed()
  return `${kept}… (cut: ${text.length.toLocaleString('en')} characters in all; read it by itself)`
}

type Fields = Record<string, unknown>
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isNothing = (value: unknown) =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0)
