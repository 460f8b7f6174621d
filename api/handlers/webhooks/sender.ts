import { usualWaits } from '../../core/webhooks/tries.ts'
import { outageLog } from '../../services/outage-log.ts'
import type { Runtime } from '../../services/runtime.ts'
import { destinations } from '../../services/webhook-subscription/destination.ts'
import { settle } from '../../services/webhook-subscription/settle.ts'
import { listenFor } from '../../store/listen.ts'
import { type Claimed, claimMessages, giveBack } from '../../store/webhook-outbox.ts'
import { messageOf } from './message.ts'
import { post } from './post.ts'

/** Messages in hand at once, each of another subscription. */
const atOnce = 32
const usualPatience = 10_000
/** A process that died with a message in hand loses it after this long: longer than any try (s). */
const lease = 30
/** What is on its way when the process ends may take this long (ms). */
const grace = 2000

interface Pace {
  /** Seconds between tries; see core/webhooks/tries.ts. */
  waits: readonly number[]
  /** How long a receiver has to answer (ms). */
  patience: number
}

/**
 * Sends waiting messages: at least once, of each subscription one at a time and the oldest that is
 * due first. Any number of processes may do so on one database.
 */
export async function startSender(
  runtime: Runtime,
  { waits = usualWaits, patience = usualPatience }: Partial<Pace> = {},
): Promise<() => Promise<void>> {
  const { db, log } = runtime
  const onTheWay = new Map<Promise<void>, AbortController>()
  const outcome = outageLog(log, 'taking webhook messages')
  let hinted = false
  let stopped = false
  let claiming: Promise<void> | null = null

  const claim = async () => {
    while (hinted && !stopped && onTheWay.size < atOnce) {
      hinted = false
      const claimed = await claimMessages(db, atOnce - onTheWay.size, lease)
      for (const message of claimed) {
        const ending = new AbortController()
        const sending = send(runtime, message, { waits, patience }, ending).finally(() => {
          onTheWay.delete(sending)
          wake()
        })
        onTheWay.set(sending, ending)
      }
    }
  }
  const wake = () => {
    hinted = true
    claiming ??= claim()
      .then(outcome.worked, outcome.failed)
      .finally(() => {
        claiming = null
        if (hinted && !stopped && onTheWay.size < atOnce) wake()
      })
  }
  const unlisten = await listenFor(db, 'webhook_messages', wake)
  return async () => {
    stopped = true
    await unlisten()
    await claiming
    const timer = setTimeout(() => {
      for (const ending of onTheWay.values()) ending.abort('shutting down')
    }, grace)
    await Promise.all(onTheWay.keys())
    clearTimeout(timer)
  }
}

/** One try. Where its outcome cannot be noted, the message is taken up again after its lease. */
async function send(
  runtime: Runtime,
  message: Claimed,
  { waits, patience }: Pace,
  ending: AbortController,
): Promise<void> {
  const { db, log } = runtime
  const about = { subscription: message.subscription_id, message: message.id }
  const timer = setTimeout(() => ending.abort('no answer in time'), patience)
  try {
    const { headers, body } = await messageOf(db, message, Date.now())
    const result = await post(new URL(message.url), headers, body, {
      destination: runtime.destination ?? destinations([]),
      signal: ending.signal,
    })
    if (result.kind !== 'sent' && ending.signal.reason === 'shutting down') {
      return await giveBack(db, message)
    }
    await settle(runtime, message, result, waits)
    if (result.kind === 'sent') return
    const { status, error } = result
    log.warn({ ...about, attempts: message.attempts, status, error }, 'a webhook was not taken')
  } catch (error) {
    log.error({ ...about, err: error }, 'sending a webhook failed')
  } finally {
    clearTimeout(timer)
  }
}
