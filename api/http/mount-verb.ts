import type { Command } from '../commands/command.ts'
import { authorise, type Caller, type Outcome, type Runtime } from '../services/runtime.ts'
import type { App, Surface } from './app.ts'
import { csvOf, wantsCsv } from './csv.ts'
import { readInput } from './input.ts'

/** A verb of a list of verbs: each has its own input, which its own command reads. */
export interface AnyVerb {
  command: Command
  run(runtime: Runtime, caller: Caller, input: never): Promise<Outcome<unknown>>
}

/** Serves a verb at the method and path its command names. */
export function mountVerb(app: App, { runtime }: Surface, verb: AnyVerb): void {
  const { command } = verb
  app.on(command.method.toUpperCase(), command.path, async (c) => {
    // Who may not do it is told so, whatever else is wrong; the verb itself checks again.
    const caller = c.get('caller')
    authorise(command, caller)
    const input = await readInput(c, command)
    const { output, changed } = await verb.run(runtime, caller, input as never)
    const table = command.lists?.[String(c.req.query('list'))] ?? command.table
    if (table && wantsCsv(c)) return csvOf(c, table, output)
    return c.json(output, changed ? command.status : 200)
  })
}
