import { type ReactNode, useMemo } from 'react'
import type { ProjectVelocity } from '../api/types.ts'
import { percent } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { Chart } from './chart.tsx'
import { Legend } from './legend.tsx'
import { bar, level, within } from './pen.ts'
import { Plot } from './plot.tsx'
import type { Look } from './plot-props.ts'
import { figure } from './sentences/amounts.ts'
import { velocitySentence } from './sentences/velocity.ts'
import { useCursor } from './use-cursor.ts'

/** The bars are our own: uPlot draws one series of bars, not pairs. */
const looks: readonly Look[] = [
  { colour: 'ink-soft', paths: () => null },
  { colour: 'done', paths: () => null },
]

interface VelocityProps {
  velocity: ProjectVelocity
  last: number
  slug: string
  asked: ReactNode
}

/** Committed and completed points of each closed sprint, with the mean and the spread. */
export function VelocityChart({ velocity, last, slug, asked }: VelocityProps) {
  const { sprints, mean, min, max } = velocity
  const data = useMemo(
    () =>
      [
        sprints.map((_, index) => index),
        sprints.map((it) => it.committed_points),
        sprints.map((it) => it.completed_points),
      ] as [number[], number[], number[]],
    [sprints],
  )
  const [x] = data
  const { cursor, onCursor } = useCursor(x)
  const sentence = velocitySentence(velocity)
  const shown = sprints[cursor ?? sprints.length - 1]
  if (shown === undefined) return null
  const share = (value: number | null) => (value === null ? 'none' : percent(value))
  return (
    <Chart
      wide
      title="Velocity"
      sentence={sentence}
      asked={asked}
      csv={{
        path: `/projects/${velocity.project_id}/velocity`,
        query: { last },
        file: 'velocity.csv',
      }}
      table={{
        caption: 'Closed sprints in the order they were closed',
        columns: ['Sprint', 'Committed', 'Completed', 'Say/do', 'Scope change', 'Carried over'],
        rows: sprints.map((it) => ({
          key: it.sprint_id,
          cells: [
            <Link key="sprint" to={paths.charts(slug, it.code)}>
              {it.code} {it.name}
            </Link>,
            figure(it.committed_points),
            figure(it.completed_points),
            share(it.say_do),
            figure(it.scope_change_points),
            figure(it.carried_over_points),
          ],
        })),
      }}
    >
      <Legend
        at={`${shown.code} ${shown.name}`}
        entries={[
          { look: 'hollow', label: 'Committed', value: figure(shown.committed_points) },
          { look: 'bar', label: 'Completed', value: figure(shown.completed_points) },
          { look: 'none', label: 'Say/do', value: share(shown.say_do) },
          ...(mean === null
            ? []
            : [{ look: 'dashed', label: 'Mean completed', value: figure(mean) }]),
        ]}
      />
      <Plot
        title="Velocity"
        sentence={sentence}
        data={data}
        looks={looks}
        x={{
          // A few sprints stand together as many do, not across the whole width.
          span: [-0.6, Math.max(sprints.length, 6) - 0.4],
          ticks: () => {
            const every = Math.ceil(sprints.length / 8)
            return x.filter((index) => (sprints.length - 1 - index) % every === 0)
          },
          tick: (value) => shortCode(sprints[value]?.code ?? ''),
        }}
        y={{ unit: 'points' }}
        stops={{
          x,
          marks: () => [],
          text: (index) => {
            const it = sprints[index]
            return it
              ? `${it.code} ${it.name}: committed ${figure(it.committed_points)}, completed ${figure(it.completed_points)}, say/do ${share(it.say_do)}`
              : ''
          },
        }}
        cursor={cursor}
        onCursor={onCursor}
        under={(pen) => {
          if (min === null || max === null) return
          within(pen, () => {
            pen.ctx.fillStyle = pen.ink.colours.sunken
            pen.ctx.fillRect(pen.box.left, pen.y(max), pen.box.width, pen.y(min) - pen.y(max))
          })
        }}
        over={(pen) => {
          for (const [index, it] of sprints.entries()) {
            bar(pen, {
              from: index - 0.34,
              to: index - 0.03,
              value: it.committed_points,
              colour: 'ink-soft',
              hollow: true,
            })
            bar(pen, {
              from: index + 0.03,
              to: index + 0.34,
              value: it.completed_points,
              colour: 'done',
            })
          }
          if (mean !== null) level(pen, mean, { colour: 'ink', dash: [6, 5], label: 'mean' })
        }}
      />
    </Chart>
  )
}

const shortCode = (code: string) => (code.length > 10 ? `…${code.slice(-9)}` : code)
