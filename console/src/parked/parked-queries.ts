import { queryOptions } from '@tanstack/react-query'
import { getAll } from '../api/request.ts'
import type { EventDelivery, WebhookMessage } from '../api/types.ts'

export const deliveriesQuery = queryOptions({
  queryKey: ['deliveries', 'list'],
  queryFn: ({ signal }) => getAll<EventDelivery>('/deliveries', {}, signal),
  // What is tried again and done tells of nothing.
  refetchInterval: ({ state }) =>
    state.data?.some((it) => it.state === 'waiting') ? 2000 : 10_000,
})

export const parkedMessagesQuery = queryOptions({
  queryKey: ['webhook-messages', 'parked'],
  queryFn: ({ signal }) => getAll<WebhookMessage>('/webhook-messages', { state: 'parked' }, signal),
})
