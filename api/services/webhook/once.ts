import type { WebhookAnswer } from '../../commands/notices.ts'
import { conflict } from '../../core/errors.ts'
import { transaction } from '../../store/transaction.ts'
import {
  type ClaimedDelivery,
  claimDelivery,
  forgetDelivery,
  keepDelivery,
  unparkDelivery,
  type WebhookDelivery,
} from '../../store/webhook-deliveries.ts'
import { type Caller, type Outcome, type Runtime, type Work, workIn } from '../runtime.ts'

/** A verified webhook: who sent what under which id, and on whose account it is carried out. */
export interface Incoming extends WebhookDelivery {
  caller: Caller
}

/**
 * Carries out a delivery once: what it causes and the answer to it commit together. A repeat finds
 * that answer and starts nothing; where handlers had given up on its work, they take it up again.
 * One that is refused or ignored leaves nothing, so it may be sent again.
 *
 * `carryOut` gets the delivery as it is kept, for its events.
 */
export async function once(
  runtime: Runtime,
  delivery: Incoming,
  carryOut: (work: Work, claimed: ClaimedDelivery) => Promise<Omit<WebhookAnswer, 'delivery_id'>>,
): Promise<Outcome<WebhookAnswer>> {
  return transaction(runtime.db, async (tx) => {
    const claim = await claimDelivery(tx, delivery)
    if ('kept' in claim) {
      const { id, body_sha256, answer } = claim.kept
      if (!delivery.bodySha256.equals(body_sha256)) throw otherMessage(delivery.deliveryId)
      await unparkDelivery(tx, id)
      return { output: answer, changed: false }
    }
    const done = await carryOut(await workIn(tx, runtime, delivery.caller), claim.claimed)
    const answer = { delivery_id: delivery.deliveryId, ...done }
    const accepted = answer.outcome === 'accepted'
    if (accepted) await keepDelivery(tx, claim.claimed.id, answer)
    else await forgetDelivery(tx, claim.claimed.id)
    return { output: answer, changed: accepted }
  })
}

const otherMessage = (id: string) =>
  conflict(
    'delivery_id_names_one_message',
    `Another message came with the delivery id ${id}; give each message an id of its own.`,
  )

/** The answer to a delivery that causes nothing. */
export const ignored = (detail: string) => ({ outcome: 'ignored' as const, detail, specs: [] })
