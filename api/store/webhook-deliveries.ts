import type { WebhookAnswer } from '../commands/notices.ts'
import type { Tx } from './database.ts'

export type WebhookSource = 'speckit' | 'github' | 'windmill'

export interface WebhookDelivery {
  source: WebhookSource
  /** The sender's id of it, the same with each repeat. */
  deliveryId: string
  bodySha256: Buffer
}

export interface ClaimedDelivery {
  id: number
  received_at: string
}

export interface KeptDelivery {
  id: number
  body_sha256: Buffer
  answer: WebhookAnswer
}

/**
 * Claims a delivery for this transaction, or answers what was kept of it. Two with one id wait for
 * each other here, on the unique key.
 */
export async function claimDelivery(
  tx: Tx,
  { source, deliveryId, bodySha256 }: WebhookDelivery,
): Promise<{ claimed: ClaimedDelivery } | { kept: KeptDelivery }> {
  const [claimed] = await tx<ClaimedDelivery[]>`
    insert into webhook_deliveries (source, delivery_id, body_sha256)
    values (${source}, ${deliveryId}, ${bodySha256})
    on conflict do nothing returning id, received_at`
  if (claimed) return { claimed }
  const [kept] = await tx<KeptDelivery[]>`
    select id, body_sha256, answer from webhook_deliveries
    where source = ${source} and delivery_id = ${deliveryId}`
  return { kept: kept as KeptDelivery }
}

export async function keepDelivery(tx: Tx, id: number, answer: WebhookAnswer): Promise<void> {
  await tx`update webhook_deliveries set answer = ${tx.json(answer)} where id = ${id}`
}

/** Of a delivery that causes nothing now, nothing is kept: sent again later, it may. */
export async function forgetDelivery(tx: Tx, id: number): Promise<void> {
  await tx`delete from webhook_deliveries where id = ${id}`
}

/** Takes up again what handlers had given up on of a delivery. */
export async function unparkDelivery(tx: Tx, id: number): Promise<void> {
  await tx`
    update event_deliveries d set parked_at = null, attempts = 0, next_try_at = now()
    from events e
    where e.entity_type = 'webhook_delivery' and e.entity_id = ${id}
      and d.event_id = e.id and d.parked_at is not null`
}
