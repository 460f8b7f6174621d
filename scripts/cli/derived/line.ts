import { allCommands } from '../../../api/commands/all.ts'
import type { Command } from '../../../api/commands/command.ts'
import { fieldsOf, flagOf } from './fields.ts'
import { spokenOf, wordsOf } from './words.ts'

/** As it was called: what `npx` runs is on nobody's path. */
const byNpx = process.argv[1]?.endsWith('/node_modules/.bin/devgodzilla')
export const programName = byNpx ? 'npx devgodzilla' : 'devgodzilla'

/** What somebody has to fill in. */
const open = '…'

/** What to type in a terminal for a call of a tool; null where no command does the same. */
export function lineOfTool(tool: unknown, given: Given): string | null {
  const command = allCommands.find((it) => it.tool !== undefined && it.tool === tool)
  return command?.cli ? lineOf(command, given) : null
}

/** The same for what is read by HTTP, such as `GET /documents/3?offset=10`. */
export function lineOfRead(request: string): string | null {
  const [, path = '', query = ''] = /^GET ([^?]+)\??(.*)$/.exec(request) ?? []
  for (const command of allCommands) {
    if (command.method !== 'get' || !command.cli) continue
    const pattern = new RegExp(`^${command.path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
    const params = pattern.exec(path)
    if (params) return lineOf(command, { ...params.groups, ...fromQuery(query) })
  }
  return null
}

const fromQuery = (query: string) => Object.fromEntries(new URLSearchParams(query))

type Given = Record<string, unknown>

function lineOf(command: Command, given: Given): string {
  const { params, options } = fieldsOf(command)
  const spoken = spokenOf(command)
  const byPlace = [...params.map(({ name }) => name), ...spoken.keys()]
  const byName = options.map(({ name }) => name).filter((name) => !spoken.has(name))
  // Any verb may be carried out in a session.
  const names = byPlace.includes('session_key') ? byName : [...byName, 'session_key']
  const said = names.filter((name) => given[name] !== undefined)
  return [
    programName,
    ...wordsOf(command),
    ...byPlace.filter((name) => given[name] !== undefined).map((name) => quoted(given[name])),
    // At the end of a line, a shell refuses what is still to be filled in, and carries out nothing.
    ...said.filter((name) => given[name] !== open).flatMap((name) => option(name, given[name])),
    ...said.filter((name) => given[name] === open).map((name) => `${flag(name)} <${flagOf(name)}>`),
  ].join(' ')
}

const flag = (name: string) => (name === 'session_key' ? '--session' : `--${flagOf(name)}`)

function option(name: string, value: unknown): string[] {
  if (typeof value === 'boolean') return [value ? flag(name) : flag(name).replace('--', '--no-')]
  return [value].flat().map((it) => `${flag(name)} ${quoted(it)}`)
}

/** As a shell takes it. */
function quoted(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
