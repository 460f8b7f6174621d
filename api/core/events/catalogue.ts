import type * as z from 'zod'
import { agents } from './catalogue/agents.ts'
import { execution } from './catalogue/execution.ts'
import { operation } from './catalogue/operation.ts'
import { planning } from './catalogue/planning.ts'

/** Every type of event there is, and the shape of its payload. */
export const catalogue = { ...planning, ...execution, ...agents, ...operation }

export type EventType = keyof typeof catalogue
export type Payload<T extends EventType> = z.infer<(typeof catalogue)[T]>

interface EventOf<T extends EventType> {
  type: T
  entity_type: string
  entity_id: number
  project_id: number | null
  sprint_id?: number | null
  protocol_run_id?: number | null
  payload: Payload<T>
  /** One of a batch that has an event of its own: stored and streamed, but wakes no handler. */
  quiet?: boolean
  /** The event that led to this one, where a transaction answers several; else the caller says. */
  cause?: Cause
}
export interface Cause {
  id: number
  correlation_id: string
}
/** An event as a verb tells it; the store adds id, origin and time. */
export type NewEvent = { [T in EventType]: EventOf<T> }[EventType]
