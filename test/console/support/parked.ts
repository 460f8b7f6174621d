import type { TestApi } from '../../support/api.ts'

/** The last start of a step, parked once more for the board. */
export async function parkDelivery({ database: { sql } }: TestApi): Promise<void> {
  const [event] = await sql`select max(id) as id from events where type = 'step.started'`
  await sql`
    insert into event_deliveries (event_id, handler, order_key, attempts, error, parked_at)
    values (${event?.id}, 'step_to_task', 'step_to_task:parked', 8, 'the card is poisoned', now())
    on conflict do nothing`
}
