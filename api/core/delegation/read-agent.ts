import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml'
import { storable } from '../entities/fields.ts'
import { configField, generatedPaths, ourKeys, taskKeys } from './agent-fields.ts'
import type { Fields, Json, Reading } from './fields.ts'

export interface AgentReading extends Reading {
  text: string
  /** For those who write: it may be changed once the fields are read. */
  document: Document
}

/** Keys of the top, and values with all that `*name` repeats: far above what an agent is told. */
export const agentLimits = { keys: 1000, values: 200_000, characters: 4_000_000 } as const

/**
 * A YAML document. Whether keys are unique is for the caller to see: the parser compares each with
 * each, which takes minutes for those that a file has room for.
 */
const yamlOf = (text: string, lineCounter: LineCounter) =>
  parseDocument(text, { uniqueKeys: false, lineCounter })

/** Reads the fields of an AGENT.yml; where it is no YAML, there are problems alone. */
export function readAgent(text: string): AgentReading {
  const counter = new LineCounter()
  const document = yamlOf(text, counter)
  const refuse = (problems: Reading['problems']) => ({
    text,
    document,
    fields: {},
    lines: {},
    problems,
  })
  const at = (offset: number | undefined, message: string) => {
    const { line, col } = counter.linePos(offset ?? 0)
    return { line: Math.max(1, line), column: Math.max(1, col), message }
  }
  if (document.errors.length > 0) {
    return refuse(document.errors.map((it) => at(it.pos[0], firstLine(it.message))))
  }
  const twice = repeatedKeys(document).map(({ range }) => at(range?.[0], 'Map keys must be unique'))
  if (twice.length > 0) return refuse(twice)
  const offsetOf = (path: readonly string[]) => {
    const node = document.getIn(path, true)
    return isNode(node) ? node.range?.[0] : undefined
  }
  if (!isMap(document.contents)) return refuse([at(0, 'must be a map of keys, such as task:')])
  const task = document.get('task', true)
  if (document.has('task') && !isMap(task)) {
    return refuse([at(offsetOf(['task']), 'task: must be a map of keys, such as title:')])
  }
  if (document.contents.items.length > agentLimits.keys) {
    return refuse([at(0, `has more than ${agentLimits.keys} keys at the top`)])
  }
  let content: unknown
  try {
    content = document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    return refuse([at(0, firstLine(error instanceof Error ? error.message : String(error)))])
  }
  if (isTooLarge(content)) {
    return refuse([
      at(0, 'is too large with all that *names repeat: write less, or fewer of those'),
    ])
  }
  const problems: Reading['problems'] = []
  const fields: Record<string, Json> = {}
  const lines: Record<string, number> = {}
  const take = (field: string, path: readonly string[]) => {
    const value = valueAt(content, path)
    const where = at(offsetOf(path), '')
    if (isJson(value)) fields[field] = value
    else
      problems.push({
        ...where,
        message: `${path.join('.')}: must be text (without NUL), numbers, lists or maps`,
      })
    lines[field] = where.line
  }
  for (const key of keysOf(document, problems, at)) {
    if (!ourKeys.includes(key)) take(configField(key), [key])
  }
  for (const [key, field] of Object.entries(taskKeys)) {
    if (document.hasIn(['task', key])) take(field, ['task', key])
  }
  for (const [field, path] of Object.entries(generatedPaths)) {
    if (path.length === 1 || isMap(document.get(path[0]))) {
      if (document.hasIn(path)) take(field, path)
    }
  }
  return { text, document, fields: fields as Fields, lines, problems }
}

function repeatedKeys(document: Document): Node[] {
  const repeated: Node[] = []
  visit(document, {
    Map(_, { items }) {
      const known = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (known.has(key.value)) repeated.push(key)
        known.add(key.value)
      }
    },
  })
  return repeated
}

/** Counted as it would be written out: what `*name` repeats, each time. */
function isTooLarge(content: unknown): boolean {
  let { values, characters }: { values: number; characters: number } = agentLimits
  const count = (value: unknown): void => {
    if (values-- < 0 || characters < 0) return
    if (typeof value === 'string') characters -= value.length
    else if (Array.isArray(value)) for (const item of value) count(item)
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        characters -= key.length
        count(item)
      }
    }
  }
  count(content)
  return values < 0 || characters < 0
}

function keysOf(
  document: Document,
  problems: Reading['problems'],
  at: (offset: number | undefined, message: string) => Reading['problems'][number],
): string[] {
  if (!isMap(document.contents)) return []
  return document.contents.items.flatMap(({ key }) => {
    if (isScalar(key) && typeof key.value === 'string' && key.value !== '__proto__')
      return [key.value]
    problems.push(at(isNode(key) ? key.range?.[0] : 0, 'keys must be text'))
    return []
  })
}

const firstLine = (message: string) =>
  (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')

function valueAt(content: unknown, path: readonly string[]): unknown {
  let value = content
  for (const key of path) value = (value as Record<string, unknown> | null | undefined)?.[key]
  return value
}

function isJson(value: unknown): value is Json {
  if (value === null || typeof value === 'boolean') return true
  if (typeof value === 'string') return storable(value)
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isJson)
  if (typeof value !== 'object') return false
  const prototype = Object.getPrototypeOf(value)
  return (
    (prototype === Object.prototype || prototype === null) && Object.values(value).every(isJson)
  )
}
