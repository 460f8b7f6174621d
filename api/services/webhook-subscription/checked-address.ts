import type { Command, InputOf } from '../../commands/command.ts'
import { invalid } from '../../core/errors.ts'
import { authorise, type Verb } from '../runtime.ts'
import { destinations } from './destination.ts'

/**
 * Refuses an address inside a private network, before the transaction: looking up a name takes its
 * time. A name may lead elsewhere later; the same is checked whenever a message is sent.
 */
export const withCheckedAddress = <C extends Command>(
  verb: Verb<C>,
  urlOf: (input: InputOf<C>) => string | undefined,
): Verb<C> => ({
  command: verb.command,
  async run(runtime, caller, input) {
    authorise(verb.command, caller)
    const url = urlOf(input)
    const to = runtime.destination ?? destinations([])
    const fault = url === undefined ? null : await to.faultOf(new URL(url))
    if (fault !== null) throw invalid('url', 'webhook_address_is_public', fault)
    return verb.run(runtime, caller, input)
  },
})
