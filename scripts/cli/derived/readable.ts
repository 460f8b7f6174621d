import type { Command } from '../../../api/commands/command.ts'
import { table } from '../print.ts'
import { statsText, timelineText } from './history.ts'
import { lineOfRead, lineOfTool } from './line.ts'

type Fields = Record<string, unknown>

/** Characters of a cell, so that a row stays on a line. */
const widest = 70
/** Columns of a list that does not say which matter. */
const most = 6

/** Answers that are neither a table nor a list of fields. */
const texts: Record<string, (answer: unknown) => string> = {
  'event.timeline': timelineText,
  'event.stats': statsText,
}

/** An answer as people read it: a list as a table, a text as it is, anything else by its fields. */
export function readable(command: Command, answer: unknown): string {
  if (!isFields(answer)) return String(answer)
  const own = texts[command.name]
  if (own) return own(answer)
  // Who reads a text wants nothing else; who writes one is told what became of it.
  const text = answer.markdown ?? (command.method === 'get' ? answer.text : undefined)
  if (typeof text === 'string') return text.trimEnd()
  if (Array.isArray(answer.items)) return list(answer.items, command.brief, answer.next_cursor)
  return described(answer, '')
}

function list(items: unknown[], brief: readonly string[] | undefined, more: unknown): string {
  if (items.length === 0) return 'There are none.'
  const rows = items.filter(isFields)
  const columns = brief ?? scalarsOf(rows).slice(0, most)
  const cells = rows.map((row) => columns.map((it) => cell(row[it])))
  const headings = columns.map((it) =>
    it
      .replace(/_(id|at)$/, '')
      .replaceAll('_', ' ')
      .toUpperCase(),
  )
  const told = table(headings, cells)
  return more ? `${told}\n\nMore: --cursor ${String(more)}` : told
}

const scalarsOf = (rows: readonly Fields[]) => [
  ...new Set(
    rows.flatMap((row) => Object.keys(row).filter((it) => row[it] !== null && !isNested(row[it]))),
  ),
]

function cell(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  const text = (Array.isArray(value) ? value.join(' ') : String(value)).replaceAll(/\s+/g, ' ')
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text
}

/** `key: value` by line; what is nested stands below its name, and what is empty nowhere. */
function described(fields: Fields, indent: string): string {
  return Object.entries(fields)
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => {
      const line = name === 'how_to_read' ? lineOfRead(String(value)) : null
      return `${indent}${name.replaceAll('_', ' ')}:${below(line ?? value, indent)}`
    })
    .join('\n')
}

function below(value: unknown, indent: string): string {
  const deeper = `${indent}  `
  if (isFields(value)) return `\n${described(value, deeper)}`
  if (Array.isArray(value)) {
    if (value.every((it) => !isNested(it) && String(it).length < 30)) return ` ${value.join(', ')}`
    return value.map((it) => `\n${deeper}- ${entry(it, `${deeper}  `)}`).join('')
  }
  const text = String(value)
  return text.includes('\n') ? `\n${text.replace(/^/gm, deeper)}` : ` ${text}`
}

function entry(value: unknown, indent: string): string {
  if (!isFields(value)) return String(value).replaceAll('\n', `\n${indent}`)
  const { tool, arguments: given, why } = value
  const line = isFields(given) ? lineOfTool(tool, given) : null
  if (line === null) return described(value, indent).trimStart()
  // A next step is told with the words of this surface, to be copied from here.
  return `${line}\n${indent}${String(why ?? '')}`.trimEnd()
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isNested = (value: unknown) => typeof value === 'object' && value !== null
const isEmpty = (value: unknown) =>
  value === null ||
  value === undefined ||
  value === '' ||
  (isNested(value) && Object.keys(value as object).length === 0)
