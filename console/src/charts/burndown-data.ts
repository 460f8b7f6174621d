import type { Burndown } from '../api/types.ts'
import { indexAt, mergedTimes, straightAt } from './lines.ts'
import { guidelineOf } from './sentences/burndown.ts'
import { spanOf } from './time-axis.ts'

/** A burndown's lines over all moments at which one of them bends. */
export function burndownData(chart: Burndown) {
  const times = chart.points.map(({ at }) => Date.parse(at))
  const line = guidelineOf(chart)
  const now = times.at(-1) ?? 0
  const x = mergedTimes(
    times,
    line.map(({ at }) => at),
  )
  const remaining = x.map((at) =>
    at > now ? null : (chart.points[indexAt(times, at)]?.remaining ?? null),
  )
  const guideline = x.map((at) => straightAt(line, at))
  return {
    x,
    now,
    remaining,
    guideline,
    data: [x, guideline, remaining] as [number[], (number | null)[], (number | null)[]],
    span: spanOf(x[0] ?? now, x.at(-1) ?? now),
    off: chart.days_off.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })),
  }
}
