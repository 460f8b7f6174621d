import { type AnyVerb, authorise } from '../services/runtime.ts'
import type { App, Surface } from './app.ts'
import { csvOf, wantsCsv } from './csv.ts'
import { requestInput } from './input.ts'

/** Serves a verb at the method and path its command names. */
export function mountVerb(app: App, { runtime }: Surface, verb: AnyVerb): void {
  const { command } = verb
  app.on(command.method.toUpperCase(), command.path, async (c) => {
    // Who may not do it is told so, whatever else is wrong; the verb itself checks again.
    const caller = c.get('caller')
    authorise(command, caller)
    const input = await requestInput(c, runtime.db, command)
    const { output, changed } = await verb.run(runtime, caller, input as never)
    const table = command.lists?.[String(c.req.query('list'))] ?? command.table
    if (table && wantsCsv(c)) return csvOf(c, table, output)
    return c.json(output, changed ? command.status : 200)
  })
}
