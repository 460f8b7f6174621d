import { type ReactNode, useMemo } from 'react'
import type { Flow } from '../api/types.ts'
import { navigate } from '../routing/location.ts'
import { CardLink, useCardPath } from './card-link.tsx'
import { Chart } from './chart.tsx'
import { Legend } from './legend.tsx'
import { dot, level } from './pen.ts'
import { Plot } from './plot.tsx'
import type { Look } from './plot-props.ts'
import { pathOf, type Subject } from './queries.ts'
import { duration } from './sentences/amounts.ts'
import { cycleSentence } from './sentences/flow.ts'
import { clockOf, spanOf } from './time-axis.ts'
import { useCursor } from './use-cursor.ts'

const dayMs = 86_400_000

/** Dots are our own: uPlot draws them along a line. */
const looks: readonly Look[] = [{ colour: 'progress', paths: () => null }]

interface CycleTimesProps {
  flow: Flow
  of: Subject
  query?: Record<string, number>
  slug: string
  asked?: ReactNode
}

/** Each finished card by when it was done and how long it took; a dot opens its card. */
export function CycleTimesChart({ flow, of, query, slug, asked }: CycleTimesProps) {
  const clock = useMemo(() => clockOf(flow.time_zone), [flow.time_zone])
  const drawn = useMemo(() => {
    const cards = flow.cycle_times
      .flatMap((card) => {
        const { days } = card
        return days === null ? [] : [{ ...card, days, at: Date.parse(card.completed_at) }]
      })
      .sort((a, b) => a.at - b.at)
    const x = cards.map(({ at }) => at)
    const day = flow.days[0]?.date
    return {
      cards,
      keys: cards.map(({ task_id }) => task_id),
      data: [x, cards.map(({ days }) => days)] as [number[], number[]],
      span: spanOf(
        Math.min(x[0] ?? 0, day === undefined ? Number.POSITIVE_INFINITY : Date.parse(day)),
        (x.at(-1) ?? 0) + dayMs / 4,
      ),
    }
  }, [flow])
  const { cards, keys, data } = drawn
  const [x] = data
  const { cursor, onCursor } = useCursor(x, keys)
  const pathTo = useCardPath(slug)
  const sentence = cycleSentence(flow)
  const percentiles = flow.cycle_time_percentiles
  const shown = cursor === null ? undefined : cards[cursor]
  const open = (index: number) => {
    const card = cards[index]
    const path = card ? pathTo(card) : null
    if (path !== null) navigate(path)
  }
  return (
    <Chart
      title="Cycle time"
      sentence={sentence}
      asked={asked}
      csv={{
        path: `${pathOf(of)}/flow`,
        query: { ...query, list: 'cycle_times' },
        file: 'cycle-times.csv',
      }}
      table={{
        caption: 'Finished cards and how long they took, newest first',
        columns: ['Card', 'Started', 'Done', 'Days'],
        rows: flow.cycle_times.toReversed().map((card, index) => ({
          key: `${card.task_id} ${index}`,
          cells: [
            <CardLink key="card" slug={slug} card={card} />,
            card.started_at === null ? '' : clock.moment(Date.parse(card.started_at)),
            clock.moment(Date.parse(card.completed_at)),
            card.days === null ? '' : card.days.toFixed(2),
          ],
        })),
      }}
    >
      <Legend
        at={
          shown
            ? `${shown.code} ${shown.title}: ${duration(shown.days)}, done ${clock.moment(shown.at)}`
            : cards.length < flow.finished
              ? `${cards.length} of ${flow.finished} finished cards are shown`
              : 'One dot for each card; choose one to open it'
        }
        entries={
          percentiles
            ? [
                { look: 'dotted', label: '50 %', value: duration(percentiles.p50) },
                { look: 'dashed', label: '85 %', value: duration(percentiles.p85) },
                { look: 'line-soft', label: '95 %', value: duration(percentiles.p95) },
              ]
            : []
        }
      />
      {cards.length > 0 && (
        <Plot
          title="Cycle time"
          sentence={sentence}
          data={data}
          looks={looks}
          x={{ span: drawn.span, timeZone: flow.time_zone, tick: clock.tick }}
          y={{ unit: 'days', atLeast: percentiles?.p95 ?? 0, tick: (value) => String(value) }}
          stops={{
            x,
            marks: (index) => [cards[index]?.days ?? null],
            text: (index) => {
              const card = cards[index]
              return card
                ? `${card.code} ${card.title}: ${duration(card.days)}, done ${clock.moment(card.at)}`
                : ''
            },
            dots: true,
          }}
          cursor={cursor}
          onCursor={onCursor}
          onPick={open}
          over={(pen) => {
            for (const card of cards) dot(pen, card.at, card.days, 'progress')
            if (percentiles === null) return
            level(pen, percentiles.p50, { colour: 'ink-soft', dash: [2, 3], label: '50 %' })
            level(pen, percentiles.p85, { colour: 'ink-soft', dash: [6, 5], label: '85 %' })
            level(pen, percentiles.p95, { colour: 'ink-soft', label: '95 %' })
          }}
        />
      )}
    </Chart>
  )
}
