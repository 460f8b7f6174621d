import type { EventType } from './catalogue.ts'

/** Types whose newest payload rules look up: it is kept where their events are archived. */
export const rememberedTypes = [
  'sprint.started',
  'sprint.velocity_updated',
  'protocol.flow_ended',
] as const satisfies readonly EventType[]
export type RememberedType = (typeof rememberedTypes)[number]
