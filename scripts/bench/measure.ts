/** Does one piece of work and answers how long it took (ms); what it needs is made outside of that. */
export type Arm = () => Promise<number>

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/**
 * Measures two ways of doing a thing in turns, so that whatever slows the machine down meets both.
 * Who goes first alternates. The first rounds warm up and are not counted.
 */
export async function inTurns(
  { rounds, warmUp }: { rounds: number; warmUp: number },
  ours: Arm,
  bare: Arm,
): Promise<{ ours: number[]; bare: number[] }> {
  const times = { ours: [] as number[], bare: [] as number[] }
  const arms = { ours, bare }
  for (let round = -warmUp; round < rounds; round++) {
    const order = round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)
    for (const name of order) {
      const ms = await arms[name]()
      if (round >= 0) times[name].push(ms)
    }
  }
  return times
}

export const median = (values: readonly number[]): number => percentile(values, 50)

/** The smallest value that is not below `percent` of them. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]
  if (value === undefined) throw new Error('nothing was measured')
  return value
}
