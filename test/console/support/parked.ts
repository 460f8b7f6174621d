import { eventually, type TestApi } from '../../support/api.ts'

/** The last start of a step, parked once more for the board. */
export async function parkDelivery({ database: { sql } }: TestApi): Promise<void> {
  const park = () => sql`
    insert into event_deliveries (event_id, handler, order_key, attempts, error, parked_at)
    select max(id), 'step_to_task', 'step_to_task:parked', 8, 'the card is poisoned', now()
    from events where type = 'step.started'
    on conflict do nothing returning 1`
  // The one before is done first.
  await eventually(park, (parked) => parked.length > 0)
}
