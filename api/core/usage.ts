import type { StepUsage } from './entities/protocol.ts'

/** All tokens that were read and written, from the cache or not; reasoning is part of the output. */
export const tokensOf = (usage: StepUsage): number =>
  usage.input_uncached + usage.cache_read + usage.cache_write + usage.output
