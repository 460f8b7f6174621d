import { queryOptions } from '@tanstack/react-query'
import { get, getAll } from '../api/request.ts'
import type { EventDelivery, Page, WebhookMessage } from '../api/types.ts'

export const deliveriesQuery = queryOptions({
  queryKey: ['deliveries', 'list'],
  queryFn: ({ signal }) => getAll<EventDelivery>('/deliveries', {}, signal),
  // What is tried again and done tells of nothing.
  refetchInterval: ({ state }) =>
    state.data?.some((it) => it.state === 'waiting') ? 2000 : 10_000,
})

/** How much parked work there is, up to 100, for a sign in the shell. */
export const parkedCountQuery = queryOptions({
  queryKey: ['deliveries', 'parked-count'],
  queryFn: async ({ signal }) =>
    (await get<Page<EventDelivery>>('/deliveries', { state: 'parked', limit: 100 }, signal)).items
      .length,
  refetchInterval: 60_000,
})

export const parkedMessagesQuery = queryOptions({
  queryKey: ['webhook-messages', 'parked'],
  queryFn: ({ signal }) => getAll<WebhookMessage>('/webhook-messages', { state: 'parked' }, signal),
})
