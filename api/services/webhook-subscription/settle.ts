import { jitter, type Result } from '../../core/webhooks/tries.ts'
import { transaction } from '../../store/transaction.ts'
import { type Claimed, markFailed, markSent } from '../../store/webhook-outbox.ts'
import { type Runtime, system, workIn } from '../runtime.ts'
import { toldOf } from './told.ts'
import { turnOff } from './update.ts'

/** Notes what came of a try; `waits` as in core/webhooks/tries.ts. */
export async function settle(
  runtime: Runtime,
  claimed: Claimed,
  result: Result,
  waits: readonly number[],
): Promise<void> {
  if (result.kind === 'sent') return markSent(runtime.db, claimed, result.status)
  await transaction(runtime.db, async (tx) => {
    const work = await workIn(tx, runtime, system(claimed.event.correlation_id, claimed.event.id))
    if (result.gone && (await turnOff(work, claimed, result.error))) return
    const parked = await markFailed(tx, claimed, result, {
      waits,
      factor: jitter(Math.random()),
    })
    // One about a webhook or an alert parks in silence: telling would go on for ever.
    const toTell = parked.filter(({ event_type }) => !/^(webhook|alert)\./.test(event_type))
    const [first] = toTell
    if (!first) return
    await work.record(
      toldOf(
        { id: claimed.subscription_id, project_id: claimed.project_id },
        {
          type: 'webhook.parked',
          payload: { messages: toTell.length, first_message_id: first.id, error: result.error },
        },
      ),
    )
  })
}
