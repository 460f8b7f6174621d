import type { WebhookSubscription } from '../../core/entities/webhook.ts'
import type { EventType, NewEvent } from '../../core/events/catalogue.ts'

type WebhookEvent = Extract<EventType, `webhook.${string}`>
type Told = Extract<NewEvent, { type: WebhookEvent }>

/** The event that tells what happened to a subscription. Its address is told as far as the host. */
export const toldOf = <T extends Pick<Told, 'type' | 'payload'>>(
  { id, project_id }: Pick<WebhookSubscription, 'id' | 'project_id'>,
  event: T,
) => ({ ...event, entity_type: 'webhook_subscription', entity_id: id, project_id })
