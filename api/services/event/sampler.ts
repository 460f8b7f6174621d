import type { NewEvent } from '../../core/events/catalogue.ts'
import { type SampledType, type SamplingRates, sampledTypes } from '../../core/events/sampling.ts'

/** Leaves out a share of chatty events, and says so with the next one that is kept. */
export interface Sampler {
  keep(events: readonly NewEvent[]): NewEvent[]
  /** How many events of each type this process has left out. */
  leftOut(): { type: SampledType; count: number }[]
}

export function createSampler(rates: SamplingRates): Sampler {
  const counts = new Map(
    sampledTypes.map((type) => [type, { due: 1 - (rates[type] ?? 1), untold: 0, leftOut: 0 }]),
  )
  return {
    keep: (events) =>
      events.flatMap((event) => {
        const count = counts.get(event.type as SampledType)
        if (!count) return [event]
        // Evenly, rather than by chance: each adds its share, and every whole one is kept.
        count.due += rates[event.type as SampledType] ?? 1
        if (count.due < 1 - 1e-9) {
          count.untold++
          count.leftOut++
          return []
        }
        count.due -= 1
        const { untold } = count
        count.untold = 0
        if (untold === 0) return [event]
        return [{ ...event, payload: { ...event.payload, left_out: untold } } as NewEvent]
      }),
    leftOut: () => [...counts].map(([type, { leftOut }]) => ({ type, count: leftOut })),
  }
}
