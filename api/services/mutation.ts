import { createHash } from 'node:crypto'
import type { Command, InputOf, OutputOf } from '../commands/command.ts'
import { conflict } from '../core/errors.ts'
import type { Tx } from '../store/database.ts'
import { claimKey, type KeyedRequest, keepAnswer } from '../store/idempotency.ts'
import { type Send, transaction } from '../store/transaction.ts'
import { explained } from './constraints.ts'
import {
  authorise,
  type Caller,
  type Outcome,
  type Verb,
  type Work,
  workIn,
  workOf,
} from './runtime.ts'
import { enterSession, inSession } from './session/enter.ts'

/**
 * A verb that changes something: authorise, check, change and tell, in one transaction. With an
 * idempotency key, the answer is kept in that transaction too, so that a repeat finds either all
 * of it or nothing. What is done in a session is told in the session's name.
 */
export function mutation<C extends Command>(
  command: C,
  carryOut: (work: Work, input: InputOf<C>) => Promise<OutputOf<C>>,
  { kept: toKeep = (output) => output, session: sessionOf }: Details<C> = {},
): Verb<C> {
  return {
    command,
    async run(runtime, caller, input) {
      authorise(command, caller)
      const keyed = keyedRequest(command, caller, input)
      try {
        const carry = async (tx: Tx, send: Send): Promise<Outcome<OutputOf<C>>> => {
          const kept = keyed && (await claimKey(tx, keyed))
          if (kept) {
            refuseOtherRequest(kept, keyed)
            return { output: kept.response as OutputOf<C>, changed: kept.changed }
          }
          const key = sessionOf ? sessionOf(input) : caller.sessionKey
          const session = key === null ? null : await enterSession(tx, caller, key)
          const work = session
            ? await workIn(tx, runtime, inSession(caller, session), session, send)
            : workOf(tx, runtime, caller, null, send)
          const output = await carryOut(work, input)
          if (keyed) await send(keepAnswer(tx, keyed, toKeep(output), work.changed))
          return { output, changed: work.changed }
        }
        return await transaction(runtime.db, carry, { origin: caller })
      } catch (error) {
        throw explained(error)
      }
    },
  }
}

interface Details<C extends Command> {
  /** What is kept of an answer for a repeat of the request; by default all of it. */
  kept?: (output: OutputOf<C>) => OutputOf<C>
  /** The session that it is done in, where that is not the one the caller acts in; null: in none. */
  session?: (input: InputOf<C>) => string | null
}

function keyedRequest(command: Command, caller: Caller, input: unknown): KeyedRequest | null {
  if (caller.idempotencyKey === null) return null
  return {
    actor: caller.actor,
    key: caller.idempotencyKey,
    command: command.name,
    requestHash: createHash('sha256').update(JSON.stringify(input)).digest('hex'),
  }
}

function refuseOtherRequest(
  kept: { command: string; request_hash: string },
  asked: KeyedRequest,
): void {
  if (kept.command === asked.command && kept.request_hash === asked.requestHash) return
  throw conflict(
    'idempotency_key_names_one_request',
    `The Idempotency-Key was used for another request (${kept.command}); use a new key.`,
  )
}
