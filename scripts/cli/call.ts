import type { Command as Program } from 'commander'
import { allCommands } from '../../api/commands/all.ts'
import type { Command } from '../../api/commands/command.ts'
import { apiTarget, CliError, call } from '../connect/client.ts'
import { table } from './print.ts'

/** `devgodzilla call`: every verb of the API by its name, for scripts and for what has no command. */
export function addCall(program: Program): void {
  program
    .command('call')
    .argument('[name]', 'a verb, such as task.update; without one, all are listed')
    .argument('[fields...]', 'its input, as field=value; values are JSON where they can be')
    .description('call any verb of the API by its name')
    .addHelpText('after', '\nExample:\n  devgodzilla call task.update task_id=3 board_status=done')
    .action(async (name: string | undefined, fields: string[]) => {
      if (name === undefined) {
        console.log(
          table(
            ['VERB', 'SCOPE', 'WHAT IT DOES'],
            allCommands.map((it) => [it.name, it.scope, it.summary]),
          ),
        )
        return
      }
      const command = allCommands.find((it) => it.name === name)
      if (!command) {
        throw new CliError(`There is no verb ${name}; "devgodzilla call" lists them all.`)
      }
      const answer = await call(await apiTarget(process.env), requestOf(command, fields))
      // A table (format=csv) is text that ends its own lines.
      if (typeof answer === 'string') process.stdout.write(answer)
      else console.log(JSON.stringify(answer, null, 2))
    })
}

function requestOf(command: Command, fields: readonly string[]) {
  const input = new Map(fields.map(parseField))
  const path = command.path.replace(/:(\w+)/g, (_, param: string) => {
    const value = input.get(param)
    if (value === undefined) throw new CliError(`${command.name} needs ${param}=…`)
    input.delete(param)
    return encodeURIComponent(String(value))
  })
  const method = command.method.toUpperCase()
  const isAsked = ([key]: [string, unknown]) => method === 'GET' || key in command.query.shape
  const query = new URLSearchParams(
    [...input].filter(isAsked).map(([key, value]): [string, string] => [key, String(value)]),
  ).toString()
  return {
    method,
    path: query ? `${path}?${query}` : path,
    ...(method === 'GET'
      ? {}
      : { body: Object.fromEntries([...input].filter((it) => !isAsked(it))) }),
  }
}

function parseField(field: string): [string, unknown] {
  const at = field.indexOf('=')
  if (at < 1) throw new CliError(`"${field}" is not field=value.`)
  const text = field.slice(at + 1)
  try {
    return [field.slice(0, at), JSON.parse(text)]
  } catch {
    // Plain words need no quotes.
    return [field.slice(0, at), text]
  }
}
