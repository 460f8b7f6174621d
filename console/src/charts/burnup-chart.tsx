import { useMemo } from 'react'
import uPlot from 'uplot'
import type { Burnup } from '../api/types.ts'
import { Chart } from './chart.tsx'
import { Legend } from './legend.tsx'
import { shade } from './pen.ts'
import { Plot } from './plot.tsx'
import type { Look } from './plot-props.ts'
import { figure } from './sentences/amounts.ts'
import { burnupSentence } from './sentences/burnup.ts'
import { clockOf, spanOf } from './time-axis.ts'
import { useCursor } from './use-cursor.ts'

const stepped = uPlot.paths.stepped?.({ align: 1 })
const looks: readonly Look[] = [
  { colour: 'ink-soft', width: 2, dash: [2, 3], ...(stepped && { paths: stepped }) },
  { colour: 'done', width: 2.5, ...(stepped && { paths: stepped }) },
]

/** Scope and completed points over time; the gap between them is what remains. */
export function BurnupChart({ chart }: { chart: Burnup }) {
  const clock = useMemo(() => clockOf(chart.time_zone), [chart.time_zone])
  const drawn = useMemo(() => {
    const x = chart.points.map(({ at }) => Date.parse(at))
    const scope = chart.points.map((point) => point.scope)
    const completed = chart.points.map((point) => point.completed)
    const ends = chart.planned_end === null ? 0 : Date.parse(chart.planned_end)
    return {
      data: [x, scope, completed] as [number[], number[], number[]],
      span: spanOf(x[0] ?? 0, Math.max(x.at(-1) ?? 0, ends)),
    }
  }, [chart])
  const [x, scope, completed] = drawn.data
  const { cursor, onCursor } = useCursor(x)
  const shown = cursor ?? x.length - 1
  const sentence = burnupSentence(chart)
  return (
    <Chart
      title="Burnup"
      sentence={sentence}
      csv={{ path: `/sprints/${chart.sprint_id}/burnup`, file: `burnup-${chart.sprint_id}.csv` }}
      table={{
        caption: 'Burnup, whenever it changed',
        columns: ['Time', 'Scope', 'Completed'],
        rows: chart.points.map((point, index) => ({
          key: index,
          cells: [clock.moment(x[index] ?? 0), figure(point.scope), figure(point.completed)],
        })),
      }}
    >
      <Legend
        at={clock.moment(x[shown] ?? 0)}
        entries={[
          { look: 'dotted', label: 'Scope', value: figure(scope[shown] ?? 0) },
          { look: 'line-done', label: 'Completed', value: figure(completed[shown] ?? 0) },
        ]}
      />
      <Plot
        title="Burnup"
        sentence={sentence}
        data={drawn.data}
        looks={looks}
        x={{ span: drawn.span, timeZone: chart.time_zone, tick: clock.tick }}
        y={{ unit: 'points' }}
        stops={{
          x,
          marks: (index) => [scope[index] ?? null, completed[index] ?? null],
          text: (index) =>
            `${clock.moment(x[index] ?? 0)}: scope ${figure(scope[index] ?? 0)}, completed ${figure(completed[index] ?? 0)}`,
        }}
        cursor={cursor}
        onCursor={onCursor}
        under={(pen) => {
          for (const { from, to } of chart.days_off) {
            shade(pen, Date.parse(from), Date.parse(to), 'sunken')
          }
        }}
      />
    </Chart>
  )
}
