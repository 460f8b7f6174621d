import type { Command, InputOf, OutputOf } from '../commands/command.ts'
import { authorise, type Read, type Verb } from './runtime.ts'

/** A verb that only reads. */
export function query<C extends Command>(
  command: C,
  answer: (read: Read, input: InputOf<C>) => Promise<OutputOf<C>>,
): Verb<C> {
  return {
    command,
    async run(runtime, caller, input) {
      authorise(command, caller)
      const output = await answer({ db: runtime.db, caller, runtime }, input)
      return { output, changed: false }
    },
  }
}
