import { sign } from '../../core/webhooks/signature.ts'
import { slackMessage } from '../../core/webhooks/slack.ts'
import type { Db } from '../../store/database.ts'
import { namesOf } from '../../store/event-names.ts'
import type { Claimed } from '../../store/webhook-outbox.ts'

/**
 * The bytes of a message and the headers that sign them at this moment (ms). Its id is the same
 * with every try, and with a replay: a receiver that has seen it may leave it.
 */
export async function messageOf(
  db: Db,
  { id: number, format, secrets, event }: Claimed,
  now: number,
): Promise<{ headers: Record<string, string>; body: string }> {
  const body = JSON.stringify(
    format === 'slack'
      ? slackMessage(event, await namesOf(db, event))
      : { type: event.type, timestamp: event.emitted_at, data: { event } },
  )
  const id = `msg_${number}`
  const timestamp = Math.floor(now / 1000)
  return {
    body,
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'DevGodzilla',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': secrets.map((secret) => sign(secret, { id, timestamp, body })).join(' '),
    },
  }
}
