import { useMemo } from 'react'
import type { Flow } from '../api/types.ts'
import { navigate } from '../routing/location.ts'
import { columnNames } from '../scrum/columns.ts'
import { CardLink, useCardPath } from './card-link.tsx'
import { Chart } from './chart.tsx'
import { Legend } from './legend.tsx'
import { dot, level } from './pen.ts'
import { Plot } from './plot.tsx'
import type { Look } from './plot-props.ts'
import { pathOf, type Subject } from './queries.ts'
import { duration } from './sentences/amounts.ts'
import { agesSentence } from './sentences/flow.ts'
import { useCursor } from './use-cursor.ts'

const looks: readonly Look[] = [{ colour: 'progress', paths: () => null }]
const columns = ['todo', 'in_progress', 'review', 'testing', 'blocked'] as const

/** Places of a column's dots side by side, so that cards of one age do not cover each other. */
export const besideOthers = (column: number, nth: number): number =>
  column + (((nth * 7) % 13) - 6) / 20

/** Cards in work by their column and how long work on them has gone on. */
export function AgesChart({ flow, of, slug }: { flow: Flow; of: Subject; slug: string }) {
  const drawn = useMemo(() => {
    const cards = flow.ages
      .map((card, nth) => {
        const column = (columns as readonly string[]).indexOf(card.board_status)
        return { ...card, x: besideOthers(Math.max(0, column), nth) }
      })
      .sort((a, b) => a.x - b.x)
    const x = cards.map((card) => card.x)
    return {
      cards,
      keys: cards.map(({ task_id }) => task_id),
      data: [x, cards.map(({ days }) => days)] as [number[], number[]],
    }
  }, [flow])
  const { cards, keys, data } = drawn
  const [x] = data
  const { cursor, onCursor } = useCursor(x, keys)
  const pathTo = useCardPath(slug)
  const sentence = agesSentence(flow)
  const told = (index: number) => {
    const card = cards[index]
    return card
      ? `${card.code} ${card.title}: ${duration(card.days)}, ${columnNames[card.board_status]}`
      : ''
  }
  const served = flow.service_level
  return (
    <Chart
      title="Work item age"
      sentence={sentence}
      csv={{ path: `${pathOf(of)}/flow`, query: { list: 'ages' }, file: 'ages.csv' }}
      table={{
        caption: 'Cards in work, the oldest first',
        columns: ['Card', 'Column', 'Days'],
        rows: flow.ages.map((card) => ({
          key: card.task_id,
          cells: [
            <CardLink key="card" slug={slug} card={card} />,
            columnNames[card.board_status],
            card.days.toFixed(2),
          ],
        })),
      }}
    >
      <Legend
        at={cursor === null ? 'One dot for each card in work; choose one to open it' : told(cursor)}
        entries={
          served
            ? [{ look: 'dashed', label: '85 % were done within', value: duration(served.days) }]
            : []
        }
      />
      {cards.length > 0 && (
        <Plot
          title="Work item age"
          sentence={sentence}
          data={data}
          looks={looks}
          x={{
            span: [-0.5, columns.length - 0.5],
            ticks: () => columns.map((_, index) => index),
            tick: (value) => columnNames[columns[value] ?? 'todo'],
          }}
          y={{ unit: 'days', atLeast: served?.days ?? 0, tick: (value) => String(value) }}
          stops={{ x, marks: (index) => [cards[index]?.days ?? null], text: told, dots: true }}
          cursor={cursor}
          onCursor={onCursor}
          onPick={(index) => {
            const card = cards[index]
            const path = card ? pathTo(card) : null
            if (path !== null) navigate(path)
          }}
          over={(pen) => {
            if (served) level(pen, served.days, { colour: 'ink-soft', dash: [6, 5], label: '85 %' })
            for (const card of cards) {
              const late = served !== null && card.days > served.days
              dot(pen, card.x, card.days, late ? 'blocked' : 'progress')
            }
          }}
        />
      )}
    </Chart>
  )
}
