import type { StoredEvent } from '../api/types.ts'
import type { EventFilter } from './hub.ts'
import type { LiveState } from './stream.ts'
import { useEvents, useLiveStatus } from './use-events.ts'

/** `useEvents`, with the state of the connection, for pages that show it themselves. */
export function useStream(
  filter: EventFilter,
  following: { onEvents: (events: StoredEvent[]) => void; onOpen: () => void },
): LiveState {
  useEvents(filter, following)
  return useLiveStatus().state
}
