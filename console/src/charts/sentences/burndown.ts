import type { Burndown } from '../../api/types.ts'
import { count, percent } from '../../format/words.ts'
import { reachedAt, straightAt, type Vertex } from '../lines.ts'
import { clockOf } from '../time-axis.ts'
import { figure, points } from './amounts.ts'

const dayMs = 86_400_000

export const guidelineOf = ({ guideline }: Burndown): Vertex[] =>
  guideline.map(({ at, remaining }) => ({ at: Date.parse(at), value: remaining }))

/** The guideline at a moment: from what was to be done at the start to 0, where it stays. */
export function guidelineAt(line: readonly Vertex[], at: number): number | null {
  const last = line.at(-1)
  return last && at > last.at ? last.value : straightAt(line, at)
}

/** Days that are worked on between two moments, parts of days included. */
export function workingDays(chart: Burndown, from: number, to: number): number {
  const off = chart.days_off.map((span) => ({
    from: Date.parse(span.from),
    to: Date.parse(span.to),
  }))
  // A sprint of nothing but days off is worked on all the same.
  const idle = off.some((span) => span.from <= from && span.to >= to) && off.length === 1
  const lost = idle
    ? 0
    : off.reduce((sum, it) => sum + Math.max(0, Math.min(it.to, to) - Math.max(it.from, from)), 0)
  return (to - from - lost) / dayMs
}

export function burndownSentence(chart: Burndown): string {
  const last = chart.points.at(-1)
  if (last === undefined) return chart.reason ?? 'There is nothing to draw yet.'
  if (last.scope === 0) return withoutPoints(chart)
  const { closed_at, committed_points, completed_initial_points, time_zone } = chart
  if (closed_at !== null) {
    const kept =
      committed_points > 0
        ? `; of the ${figure(committed_points)} committed, ${figure(completed_initial_points)} were completed (${percent(completed_initial_points / committed_points)})`
        : ''
    return `The sprint ended on ${clockOf(time_zone).day(Date.parse(closed_at))} with ${figure(last.remaining)} of ${points(last.scope)} left${kept}.`
  }
  const state =
    last.remaining === 0
      ? `All ${points(last.scope)} are done`
      : `${figure(last.remaining)} of ${points(last.scope)} ${last.remaining === 1 ? 'is' : 'are'} left`
  return `${state}${pace(chart, Date.parse(last.at), last.remaining)}.`
}

/** How that compares with the guideline now. */
function pace(chart: Burndown, now: number, remaining: number): string {
  const line = guidelineOf(chart)
  const planned = guidelineAt(line, now)
  const end = line.at(-1)
  if (planned === null || end === undefined) return '; without a planned end there is no guideline'
  const late =
    now > end.at ? `; the sprint was to end on ${clockOf(chart.time_zone).day(end.at - 1)}` : ''
  if (remaining === 0) {
    const early = workingDays(chart, now, end.at)
    return late || (early >= 0.5 ? `, about ${working(early)} before the planned end` : ', in time')
  }
  const reached = reachedAt(line, remaining) ?? end.at
  const behind =
    remaining > planned
      ? workingDays(chart, Math.min(reached, now), now)
      : -workingDays(chart, now, Math.max(reached, now))
  if (late) return `${late}, so it is about ${working(Math.max(behind, 0))} behind`
  const guideline = `; the guideline is at ${figure(planned)}`
  if (Math.abs(behind) < 0.5) return `${guideline}, so the sprint is on its way`
  return `${guideline}, so the sprint is about ${working(Math.abs(behind))} ${behind > 0 ? 'behind' : 'ahead'}`
}

const working = (days: number) => count(Math.max(1, Math.round(days)), 'working day')

function withoutPoints({ unestimated_tasks }: Burndown): string {
  return unestimated_tasks === 0
    ? 'The sprint has no points to burn: it has no card in its scope.'
    : `The sprint has no points to burn: ${count(unestimated_tasks, 'card')} ${unestimated_tasks === 1 ? 'is' : 'are'} without an estimate.`
}
