import { raiseAlert } from '../services/alert/raise.ts'
import { type Runtime, system, workIn } from '../services/runtime.ts'
import type { Tx } from '../store/database.ts'
import { type Delivery, park } from '../store/deliveries.ts'

/**
 * Parks a delivery after its last try, tells so and raises an alert; but none about an alert, which
 * would go on forever.
 */
export async function giveUp(
  { runtime, tx, queue, handler }: GivenUp,
  delivery: Delivery,
  failed: { attempts: number; error: string },
): Promise<void> {
  const { id, type, project_id, sprint_id, protocol_run_id, correlation_id } = delivery
  const work = await workIn(tx, runtime, system(correlation_id, id))
  await park(tx, queue, id, failed)
  await work.record({
    type: 'delivery.parked',
    entity_type: 'event',
    entity_id: id,
    ...{ project_id, sprint_id, protocol_run_id },
    payload: { event_type: type, handler: handler.name, ...failed },
  })
  if (type.startsWith('alert.')) return
  await raiseAlert(work, {
    rule: 'delivery_parked',
    subject: handler.name,
    value: 1,
    detail: `${handler.name} gave up on event ${id} (${type}) after ${failed.attempts} tries: ${failed.error}`,
    project_id,
  })
}

interface GivenUp {
  runtime: Runtime
  tx: Tx
  queue: string
  handler: { name: string }
}
