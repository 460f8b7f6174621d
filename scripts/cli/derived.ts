import type { Command as Program } from 'commander'
import { allCommands } from '../../api/commands/all.ts'
import type { Command } from '../../api/commands/command.ts'
import { call } from '../connect/client.ts'
import { apiTarget, CliError, type Target } from '../connect/target.ts'
import {
  addField,
  argumentOf,
  type Field,
  fieldsOf,
  impliesProject,
  optionOf,
} from './derived/fields.ts'
import { impliedProject } from './derived/project.ts'
import { readable } from './derived/readable.ts'
import { requestOf } from './derived/request.ts'
import { spokenOf, wordsOf } from './derived/words.ts'
import { print } from './print.ts'

/**
 * Every verb of the API that has words for a terminal: what its path needs as arguments, the rest as
 * options. Only the group that is asked for is made whole: the others are named, which is quicker.
 */
export function addDerived(program: Program, asked: string | undefined): void {
  for (const command of allCommands) {
    const [group = '', ...words] = wordsOf(command)
    if (group === '') continue
    const within = groupOf(program, group)
    if (group === asked || words.length === 0) addVerb(within, words, command)
  }
}

function groupOf(program: Program, name: string): Program {
  const known = program.commands.find((it) => it.name() === name)
  if (known) return known
  const verbs = allCommands.filter((it) => wordsOf(it)[0] === name)
  const alone = verbs.find((it) => it.cli === name)
  const names = verbs.map((it) => wordsOf(it).slice(1).join(' ')).join(', ')
  return program.command(name).description(alone?.summary ?? names)
}

function addVerb(group: Program, words: readonly string[], command: Command): void {
  const last = words.at(-1)
  const parent = words
    .slice(0, -1)
    .reduce<Program>(
      (within, word) => within.commands.find((it) => it.name() === word) ?? within.command(word),
      group,
    )
  const made = last === undefined ? group : parent.command(last).description(command.summary)
  const { params, options } = fieldsOf(command)
  const spoken = spokenOf(command)
  for (const param of params) made.argument(argumentOf(param, command), param.description)
  for (const [name, shown] of spoken) {
    made.argument(shown, options.find((it) => it.name === name)?.description)
  }
  for (const field of options) if (!spoken.has(field.name)) addField(made, field)
  made
    .option('--json', 'print JSON')
    .option('--session <key>', 'the session to work in; default: DEVGODZILLA_SESSION')
    .action(async (...given: unknown[]) => {
      const values = given.slice(0, params.length) as (string | undefined)[]
      const flags = given[params.length + spoken.size] as Record<string, unknown>
      for (const [index, name] of [...spoken.keys()].entries()) {
        const said = given[params.length + index]
        const text = Array.isArray(said) ? said.join(' ') : said
        if (text) flags[optionOf(name)] = text
      }
      await carryOut(command, params, values, flags)
    })
}

async function carryOut(
  command: Command,
  params: readonly Field[],
  values: readonly (string | undefined)[],
  { json, session, ...given }: Record<string, unknown>,
): Promise<void> {
  const key = (session ?? process.env.DEVGODZILLA_SESSION) as string | undefined
  const target = await apiTarget(process.env)
  const named: [string, unknown][] = []
  for (const [index, { name }] of params.entries()) {
    const value = values[index] ?? (await leftOut(command, name, target, key))
    if (value === undefined) throw new CliError(`Say which ${name}, or set DEVGODZILLA_SESSION.`)
    named.push([name, value])
  }
  const request = requestOf(command, { ...Object.fromEntries(named), ...given })
  const headers: Record<string, string> = key ? { 'X-Session-Key': key } : {}
  const answer = await allOf(command, target, { ...request, headers })
  if (typeof answer === 'string') process.stdout.write(answer)
  else print(json === true, answer, () => readable(command, answer))
}

/** What is meant where something is not named that need not be. */
async function leftOut(command: Command, name: string, target: Target, session?: string) {
  if (name === 'session_key') return session
  return impliesProject(command) ? impliedProject(target, session) : undefined
}

/** Entries of a list that are printed at most; the cursor of the rest is said. */
const most = 10_000

/** The answer; of a list, all of it in pages as large as they come, unless one was asked for. */
async function allOf(
  command: Command,
  target: Target,
  request: ReturnType<typeof requestOf> & { headers: Record<string, string> },
): Promise<unknown> {
  const pages = ['cursor', 'limit'].every((it) => it in command.query.shape)
  if (!pages || /[?&](limit|cursor)=/.test(request.path)) return call(target, request)
  const items: unknown[] = []
  const join = request.path.includes('?') ? '&' : '?'
  for (let cursor = ''; ; ) {
    const path = `${request.path}${join}limit=1000${cursor}`
    const page = (await call(target, { ...request, path })) as Page
    items.push(...page.items)
    if (page.next_cursor === null || items.length >= most) return { ...page, items }
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`
  }
}

interface Page {
  items: unknown[]
  next_cursor: string | null
}
