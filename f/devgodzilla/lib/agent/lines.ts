import { stripVTControlCharacters } from 'node:util'
import type { AgentLine, Hear } from './types.ts'

const longest = 4000
const most = 20_000

/** The line as it may be kept and shown: short, printable, without the colours of a terminal. */
function readable(text: string): string {
  const plain = stripVTControlCharacters(text)
    .replace(/\t/g, '  ')
    .replace(/\p{Cc}/gu, '')
    .trimEnd()
  return storable(plain.length > longest ? `${plain.slice(0, longest)} … (cut)` : plain)
}

/** The text as the API takes it: a cut may have left half a character, and JSON may hold a NUL. */
export const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()

/** Bounds what is told, and keeps the key out of it. */
export function quietened(key: string | null | undefined, hear: Hear) {
  let told = 0
  const mask = (text: string) => storable(key ? text.replaceAll(key, '***') : text)
  const tell = ({ stream, line }: AgentLine) => {
    // What an agent says in one go may be a page.
    for (const part of mask(line).split(/\r?\n/)) {
      const text = readable(part)
      if (text === '' || told > most) continue
      told += 1
      hear(
        told > most
          ? { stream: 'system', line: `what comes after ${most} lines is not kept` }
          : { stream, line: text },
      )
    }
  }
  return { mask, tell }
}

/** The JSON object on a line, if there is one. */
export function jsonOn(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The first words of something, on one line. */
export function brief(text: string, length = 200): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > length ? `${line.slice(0, length)}…` : line
}
