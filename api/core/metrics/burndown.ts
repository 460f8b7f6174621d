import { type Calendar, daysOf, daysOff } from './calendar.ts'
import type { SprintLedger } from './sprint-ledger.ts'

export interface BurndownPoint {
  at: number
  remaining: number
  scope: number
  done: number
  scopeChange: number
}

/**
 * remaining(t) = scope(t) − done(t), as a step line from the start to the actual end, or to `now`
 * while the sprint runs.
 */
export function burndown(ledger: SprintLedger, now: number): BurndownPoint[] {
  const points = ledger.points.map((point) => ({
    ...point,
    remaining: point.scope - point.done,
  }))
  const last = points.at(-1)
  if (last && ledger.closedAt === null && now > last.at) {
    points.push({ ...last, at: now, scopeChange: 0 })
  }
  return points
}

/** Of a sprint planned for longer, single days off could not be seen: its guideline is straight. */
const longest = 1000 * 24 * 60 * 60 * 1000

export interface GuidelinePoint {
  at: number
  remaining: number
}

/**
 * From what was left to do at the start straight to 0 at the end planned then, flat on days that
 * are not worked on; a sprint that has no working day burns on all of them. Nothing that happens
 * later moves it. Empty for a sprint without a planned end.
 */
export function guideline(ledger: SprintLedger, calendar: Calendar): GuidelinePoint[] {
  const { startedAt, plannedEnd } = ledger
  if (startedAt === null || plannedEnd === null || plannedEnd <= startedAt) return []
  const todo = ledger.committed - ledger.doneBeforeStart
  const first = { at: startedAt, remaining: todo }
  if (plannedEnd - startedAt > longest) return [first, { at: plannedEnd, remaining: 0 }]
  const spans = daysOf(startedAt, plannedEnd, calendar).map((day) => {
    const begins = Math.max(day.begins, startedAt)
    const ends = Math.min(day.ends, plannedEnd)
    return { ends, part: (ends - begins) / (day.ends - day.begins), working: day.working }
  })
  const anyWork = spans.some(({ working, part }) => working && part > 0)
  const worked = spans.map(({ working, part }) => (working || !anyWork ? part : 0))
  const total = worked.reduce((sum, part) => sum + part, 0)
  const line = [first]
  let burnt = 0
  for (const [n, { ends, part }] of spans.entries()) {
    if (part === 0) continue
    burnt += worked[n] ?? 0
    line.push({ at: ends, remaining: ends === plannedEnd ? 0 : todo * (1 - burnt / total) })
  }
  return line
}

/** The spans without work from the start to the planned end, or further where the sprint goes on. */
export function sprintDaysOff(ledger: SprintLedger, calendar: Calendar, now: number) {
  const { startedAt, plannedEnd, closedAt } = ledger
  if (startedAt === null) return []
  const ends = Math.max(plannedEnd ?? startedAt, closedAt ?? now)
  return ends - startedAt > longest ? [] : daysOff(daysOf(startedAt, ends, calendar))
}
