import { type ReactNode, useMemo } from 'react'
import uPlot from 'uplot'
import type { Flow } from '../api/types.ts'
import { columnNames } from '../scrum/columns.ts'
import { bandColour, bandPattern } from './band-pattern.ts'
import { BandSwatch } from './band-swatch.tsx'
import { Chart } from './chart.tsx'
import { Legend } from './legend.tsx'
import { type Pen, write } from './pen.ts'
import { Plot } from './plot.tsx'
import type { Look } from './plot-props.ts'
import { pathOf, type Subject } from './queries.ts'
import { type Band, bands, flowSentence } from './sentences/flow.ts'
import { dates, longDate, spanOf } from './time-axis.ts'
import { useCursor } from './use-cursor.ts'

const dayMs = 86_400_000
const stepped = uPlot.paths.stepped?.({ align: 1 })
const fromTheTop = bands.toReversed()
/** uPlot fills down to zero, so the highest sum is drawn first and the others over it. */
const looks: readonly Look[] = fromTheTop.map((band) => ({
  colour: bandColour(band),
  width: 1,
  fill: (ink) => bandPattern(ink, band, uPlot.pxRatio),
  ...(stepped && { paths: stepped }),
}))

/** For each band from the top: its upper edge on each day; the last day lasts until its end. */
export function edgesOf(days: Flow['days']): number[][] {
  const sums = new Map<Band, number[]>(bands.map((band) => [band, []]))
  for (const day of [...days, ...days.slice(-1)]) {
    let sum = 0
    for (const band of bands) {
      sum += day[band]
      sums.get(band)?.push(sum)
    }
  }
  return fromTheTop.map((band) => sums.get(band) ?? [])
}

interface FlowChartProps {
  flow: Flow
  of: Subject
  query?: Record<string, number>
  asked?: ReactNode
  wide?: boolean
}

/** Cards per column over time, one on top of the other; what lies between two edges is in work. */
export function FlowChart({ flow, of, query, asked, wide }: FlowChartProps) {
  const drawn = useMemo(() => {
    const begins = flow.days.map(({ date }) => Date.parse(date))
    const end = (begins.at(-1) ?? 0) + dayMs
    return {
      data: [[...begins, end], ...edgesOf(flow.days)] as [number[], ...number[][]],
      middles: begins.map((at) => at + dayMs / 2),
      span: spanOf(begins[0] ?? 0, end),
    }
  }, [flow])
  const { cursor, onCursor } = useCursor(drawn.middles)
  const sentence = flowSentence(flow)
  const day = flow.days[cursor ?? flow.days.length - 1]
  if (day === undefined) return null
  const at = (index: number) => longDate(Date.parse(flow.days[index]?.date ?? ''))
  return (
    <Chart
      wide={wide}
      title="Cumulative flow"
      sentence={sentence}
      asked={asked}
      csv={{ path: `${pathOf(of)}/flow`, ...(query && { query }), file: 'cumulative-flow.csv' }}
      table={{
        caption: 'Cards per column at the end of each day',
        columns: ['Day', ...fromTheTop.map((band) => columnNames[band]), 'In work', 'Finished'],
        rows: flow.days.map((it) => ({
          key: it.date,
          cells: [
            it.date,
            ...fromTheTop.map((band) => it[band]),
            it.work_in_progress,
            it.throughput,
          ],
        })),
      }}
    >
      <Legend
        at={`${longDate(Date.parse(day.date))}: ${day.work_in_progress} in work, ${day.throughput} finished`}
        entries={fromTheTop.map((band) => ({
          look: { swatch: <BandSwatch band={band} /> },
          label: columnNames[band],
          value: day[band],
        }))}
      />
      <Plot
        title="Cumulative flow"
        sentence={sentence}
        data={drawn.data}
        looks={looks}
        x={{ span: drawn.span, timeZone: 'UTC', tick: dates.tick }}
        y={{ unit: 'cards' }}
        stops={{
          x: drawn.middles,
          marks: () => [],
          text: (index) =>
            `${at(index)}: ${fromTheTop.map((band) => `${columnNames[band]} ${flow.days[index]?.[band] ?? 0}`).join(', ')}`,
        }}
        cursor={cursor}
        onCursor={onCursor}
        over={(pen) => nameBands(pen, drawn.data.slice(1))}
      />
    </Chart>
  )
}

/** Names the bands that are high enough at the right for a name. */
function nameBands(pen: Pen, edges: readonly (readonly number[])[]): void {
  const { box, ratio } = pen
  for (const [index, band] of fromTheTop.entries()) {
    const top = pen.y(edges[index]?.at(-1) ?? 0)
    const bottom = pen.y(edges[index + 1]?.at(-1) ?? 0)
    if (bottom - top < 16 * ratio) continue
    write(
      pen,
      columnNames[band],
      box.left + box.width - 6 * ratio,
      (top + bottom) / 2 + 7 * ratio,
      'ink',
    )
  }
}
