import * as z from 'zod'
import { text } from '../../entities/fields.ts'

/** Parts that payloads of several kinds share. */
export const changes = z.object({
  changes: z.record(z.string(), z.object({ from: z.json(), to: z.json() })),
})
export const named = z.object({ name: text() })
export const moment = z.iso.datetime().nullable().default(null)
/** Events of a type that were left out since the one before, where they are sampled. */
export const leftOut = z.int().optional()
