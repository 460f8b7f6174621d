import * as z from 'zod'
import type { ChartEventType } from '../metrics/chart-event.ts'
import type { EventType } from './catalogue.ts'
import type { RememberedType } from './remembered.ts'

/**
 * Types of which some may be left out where there are very many: what they tell is in the tables as
 * well. Never one that a chart or a rule needs; and none that a handler waits for or that is the
 * trail of who changed what, which a test holds.
 */
export const sampledTypes = [
  'step.artifact_added',
  'context.assembled',
] as const satisfies readonly Exclude<EventType, ChartEventType | RememberedType>[]
export type SampledType = (typeof sampledTypes)[number]

/** The share of each type that is recorded, as text: `step.artifact_added=0.1`. */
export const samplingRates = z.string().transform((text, context) => {
  const rates: Partial<Record<SampledType, number>> = {}
  for (const part of text.split(',').filter((it) => it.trim() !== '')) {
    const [name = '', share = ''] = part.split('=').map((it) => it.trim())
    const type = sampledTypes.find((it) => it === name)
    const rate = Number(share)
    if (!type || share === '' || !(rate > 0 && rate <= 1)) {
      context.addIssue({
        code: 'custom',
        message: `"${part}" must be a type and a share, such as ${sampledTypes[0]}=0.1; types that may be left out: ${sampledTypes.join(', ')}`,
      })
      return z.NEVER
    }
    rates[type] = rate
  }
  return rates
})
export type SamplingRates = z.infer<typeof samplingRates>
