import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BoardStatus } from '../../../../api/core/entities/task.ts'
import { burndown, guideline } from '../../../../api/core/metrics/burndown.ts'
import { daysOf } from '../../../../api/core/metrics/calendar.ts'
import { cumulativeFlow, movesOf } from '../../../../api/core/metrics/cumulative-flow.ts'
import { throughput } from '../../../../api/core/metrics/flow-times.ts'
import { ledgerOf, untilItEnded } from '../../../../api/core/metrics/sprint-ledger.ts'
import { history } from './history.ts'

const hour = 60 * 60 * 1000
const begin = Date.parse('2026-03-20T09:00:00Z')
const calendar = { timeZone: 'Europe/Berlin', workingDays: [1, 2, 3, 4, 5] }

const statuses: BoardStatus[] = ['backlog', 'todo', 'in_progress', 'review', 'blocked', 'done']
const points = fc.option(fc.integer({ min: 0, max: 13 }))
const id = fc.integer({ min: 1, max: 6 })
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('join' as const), id, points }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      id,
      to: fc.constantFrom(...statuses, 'archived' as const),
      skipped: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('estimate' as const), id, points }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), id }) },
)
const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), step), { maxLength: 40 })

interface Card {
  points: number | null
  status: BoardStatus
  skipped: boolean
}

/** Lets chance move the cards of a sprint, and keeps what they are by the plainest of means. */
function sprintOf(before: [number, Step][], after: [number, Step][]) {
  const story = history()
  const cards = new Map<number, Card>()
  let clock = begin
  const play = (chance: readonly [number, Step][]) => {
    for (const [hours, it] of chance) {
      clock += hours * hour
      const at = new Date(clock).toISOString()
      const card = cards.get(it.id)
      if (it.do === 'join' && !card) {
        story.create(at, it.id, it.points)
        cards.set(it.id, { points: it.points, status: 'todo', skipped: false })
      } else if (it.do === 'leave' && card) {
        story.remove(at, it.id)
        cards.delete(it.id)
      } else if (it.do === 'estimate' && card) {
        story.estimate(at, it.id, it.points)
        card.points = it.points
      } else if (it.do === 'move' && card && card.status !== it.to) {
        card.skipped = it.to === 'done' && it.skipped
        story.move(at, it.id, it.to, card.skipped)
        card.status = it.to
      }
    }
  }
  play(before)
  const freshStart = ![...cards.values()].some((card) => card.status === 'done')
  clock += hour
  story.start(new Date(clock).toISOString(), new Date(clock + 14 * 24 * hour).toISOString())
  play(after)
  return { story, cards, freshStart, end: clock + hour }
}
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const inScope = (cards: Map<number, Card>) =>
  [...cards.values()].filter((card) => card.status !== 'archived' && !card.skipped)
const sum = (cards: Card[]) => cards.reduce((all, card) => all + (card.points ?? 0), 0)

test('the burndown ends at the points of the cards that are in the sprint and not done', () => {
  fc.assert(
    fc.property(steps, steps, (before, after) => {
      const { story, cards, freshStart, end } = sprintOf(before, after)
      const ledger = ledgerOf(story.close(new Date(end).toISOString()).events)
      const line = burndown(ledger, end)
      const scope = inScope(cards)
      const left = sum(scope.filter((card) => card.status !== 'done'))
      expect(line.at(-1)).toMatchObject({ at: end, remaining: left, scope: sum(scope) })
      // Carry-over = final scope - completed, where nothing was done before the start.
      if (freshStart) expect(sum(scope) - ledger.completed).toBe(left)
      // Final scope = committed + all changes of scope.
      const changes = ledger.scopeChanges.reduce((all, change) => all + change.points, 0)
      expect(ledger.committed + changes).toBe(sum(scope))
    }),
  )
})

test('at every moment scope = remaining + done, time moves forward, and marks add up', () => {
  fc.assert(
    fc.property(steps, steps, (before, after) => {
      const { story, end } = sprintOf(before, after)
      const line = burndown(ledgerOf(story.events), end)
      for (const [n, point] of line.entries()) {
        expect(point.scope).toBe(point.remaining + point.done)
        const last = line[n - 1]
        if (!last) continue
        expect(point.at).toBeGreaterThan(last.at)
        expect(point.scope).toBe(last.scope + point.scopeChange)
      }
    }),
  )
})

test('an event that is added later changes no point, day or guideline before it', () => {
  fc.assert(
    fc.property(steps, steps, fc.nat(), (before, after, cut) => {
      const { events } = sprintOf(before, after).story
      const started = events.findIndex(({ type }) => type === 'sprint.started') + 1
      const known = started + (cut % (events.length - started + 1))
      const now = events[known]?.at ?? begin + 5000 * hour
      const [then, later] = [events.slice(0, known), events]

      const earlier = (some: typeof events) =>
        ledgerOf(some).points.filter((point) => point.at < now)
      expect(earlier(later)).toEqual(earlier(then))
      expect(guideline(ledgerOf(later), calendar)).toEqual(guideline(ledgerOf(then), calendar))

      const days = daysOf(begin, now, calendar)
      const over = days.filter((day) => day.ends <= now).length
      const shown = (some: typeof events) => [
        cumulativeFlow(movesOf(some, days), days).slice(0, over),
        throughput(some, days).perDay.slice(0, over),
      ]
      expect(shown(later)).toEqual(shown(then))
    }),
  )
})

test('the guideline never rises, and ends at 0 when the sprint was planned to end', () => {
  const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu')
  fc.assert(
    fc.property(steps, zone, days, (before, timeZone, workingDays) => {
      const ledger = ledgerOf(sprintOf(before, []).story.events)
      const line = guideline(ledger, { timeZone, workingDays })
      expect(line[0]?.remaining).toBe(ledger.committed - ledger.doneBeforeStart)
      expect(line.at(-1)).toEqual({ at: ledger.plannedEnd, remaining: 0 })
      for (const [n, { at, remaining }] of line.entries()) {
        const last = line[n - 1]
        if (last) expect(remaining).toBeLessThanOrEqual(last.remaining + 1e-9)
        if (last) expect(at).toBeGreaterThan(last.at)
      }
    }),
  )
})

test('the flow holds every card of the sprint in one status at the end of a day', () => {
  fc.assert(
    fc.property(steps, steps, (before, after) => {
      const { story, cards, end } = sprintOf(before, after)
      const events = untilItEnded(story.events)
      const days = daysOf(begin, end, calendar)
      const last = cumulativeFlow(movesOf(events, days), days).at(-1)?.tasks
      for (const status of [...statuses, 'archived' as const]) {
        expect(last?.[status]).toBe([...cards.values()].filter((it) => it.status === status).length)
      }
    }),
  )
})
