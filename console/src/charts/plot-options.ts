import uPlot from 'uplot'
import { amount } from '../format/words.ts'
import type { Token } from './ink.ts'
import { penOf } from './pen.ts'
import { placeCursor } from './plot-cursor.ts'
import type { Latest } from './plot-props.ts'

export const height = 260
const wholeSteps = [0, 1, 2, 3, 4, 5, 6].flatMap((n) => [1, 2, 5].map((it) => it * 10 ** n))

export function optionsOf(latest: Latest, width: number): uPlot.Options {
  const { looks, x, y } = latest.current
  const colour = (token: Token) => () => latest.current.ink.colours[token]
  const quiet = { stroke: colour('line'), width: 1 }
  const axis = {
    stroke: colour('ink-faint'),
    font: `12px ${latest.current.ink.font}`,
    grid: quiet,
    ticks: { ...quiet, size: 4 },
  }
  const { timeZone } = x
  return {
    width,
    height,
    ms: 1,
    ...(timeZone && { tzDate: (at) => uPlot.tzDate(new Date(at), timeZone) }),
    padding: [12, 20, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: timeZone !== undefined, range: () => [...latest.current.x.span] },
      y: {
        range: (_, _min, max) => {
          const most = Math.max(max ?? 0, latest.current.y.atLeast ?? 0)
          return [0, most === 0 ? 1 : most * 1.06]
        },
      },
    },
    axes: [
      {
        ...axis,
        space: 64,
        size: 30,
        ...(x.ticks && {
          splits: (_u, _axis, min, max) => latest.current.x.ticks?.([min, max]) ?? [],
        }),
        values: (_u, splits, _axis, _space, apart) =>
          splits.map((value) => latest.current.x.tick(value, apart)),
      },
      {
        ...axis,
        space: 36,
        ...(y.tick ? {} : { incrs: wholeSteps }),
        size: (_u, values) => 14 + 7 * Math.max(2, ...(values ?? []).map((it) => it.length)),
        values: (_u, splits) =>
          splits.map((value) => latest.current.y.tick?.(value) ?? amount(value)),
      },
    ],
    series: [
      {},
      ...looks.map(
        (look): uPlot.Series => ({
          stroke: colour(look.colour),
          width: look.width ?? 2,
          ...(look.dash && { dash: [...look.dash] }),
          ...(look.paths && { paths: look.paths }),
          ...(look.fill && { fill: () => look.fill?.(latest.current.ink) ?? '' }),
          points: { show: false },
        }),
      ),
    ],
    hooks: {
      drawClear: [(u) => latest.current.under?.(penOf(u, latest.current.ink))],
      draw: [
        (u) => {
          latest.current.over?.(penOf(u, latest.current.ink))
          placeCursor(u, latest.current)
        },
      ],
    },
  }
}
