import { useMemo } from 'react'
import uPlot from 'uplot'
import type { Burndown } from '../api/types.ts'
import { burndownData } from './burndown-data.ts'
import { Chart } from './chart.tsx'
import { Legend } from './legend.tsx'
import { indexAt } from './lines.ts'
import { shade, upright } from './pen.ts'
import { Plot } from './plot.tsx'
import type { Look } from './plot-props.ts'
import { drawScopeChanges, ScopeChanges, signed } from './scope-changes.tsx'
import { figure } from './sentences/amounts.ts'
import { burndownSentence } from './sentences/burndown.ts'
import { clockOf } from './time-axis.ts'
import { useCursor } from './use-cursor.ts'

const stepped = uPlot.paths.stepped?.({ align: 1 })
const looks: readonly Look[] = [
  { colour: 'ink-faint', width: 1.5, dash: [6, 5] },
  { colour: 'progress', width: 2.5, ...(stepped && { paths: stepped }) },
]

/** Remaining points over time, against the guideline of the start. */
export function BurndownChart({ chart, slug }: { chart: Burndown; slug: string }) {
  const clock = useMemo(() => clockOf(chart.time_zone), [chart.time_zone])
  const drawn = useMemo(() => burndownData(chart), [chart])
  const { x, guideline, remaining, span, now } = drawn
  const { cursor, onCursor } = useCursor(x)
  const sentence = burndownSentence(chart)
  const shown = cursor ?? indexAt(x, now)
  const told = (value: number | null | undefined) => (value == null ? 'none' : figure(value))
  return (
    <Chart
      wide
      title="Burndown"
      sentence={sentence}
      csv={{
        path: `/sprints/${chart.sprint_id}/burndown`,
        file: `burndown-${chart.sprint_id}.csv`,
      }}
      table={{
        caption: 'Burndown, whenever it changed',
        columns: ['Time', 'Remaining', 'Scope', 'Done', 'Scope change'],
        rows: chart.points.map(({ at, ...point }, index) => ({
          key: index,
          cells: [
            clock.moment(Date.parse(at)),
            figure(point.remaining),
            figure(point.scope),
            figure(point.done),
            point.scope_change === 0 ? '' : signed(point.scope_change),
          ],
        })),
      }}
    >
      <Legend
        at={clock.moment(x[shown] ?? now)}
        entries={[
          { look: 'line', label: 'Remaining', value: told(remaining[shown]) },
          { look: 'dashed', label: 'Guideline', value: told(guideline[shown]) },
        ]}
      />
      <Plot
        title="Burndown"
        sentence={sentence}
        data={drawn.data}
        looks={looks}
        x={{ span, timeZone: chart.time_zone, tick: clock.tick }}
        y={{ unit: 'points' }}
        stops={{
          x,
          marks: (index) => [guideline[index] ?? null, remaining[index] ?? null],
          text: (index) =>
            `${clock.moment(x[index] ?? 0)}: ${told(remaining[index])} remaining, guideline ${told(guideline[index])}`,
        }}
        cursor={cursor}
        onCursor={onCursor}
        under={(pen) => {
          for (const { from, to } of drawn.off) shade(pen, from, to, 'sunken')
        }}
        over={(pen) => {
          if (chart.closed_at === null) {
            upright(pen, now, { colour: 'ink-soft', dash: [2, 3], label: 'Now' })
          }
          drawScopeChanges(pen, chart, drawn)
        }}
      />
      <ScopeChanges chart={chart} clock={clock} slug={slug} />
    </Chart>
  )
}
