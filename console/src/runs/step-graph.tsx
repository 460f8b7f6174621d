import type { StepRun } from '../api/types.ts'
import { spoken } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { placeSteps } from './plan-graph.ts'

const width = 180
const height = 40
const gapX = 44
const gapY = 12
const x = (column: number) => column * (width + gapX)
const y = (row: number) => row * (height + gapY)
/** What scrolls is reached by keyboard, too. */
const reachable = { tabIndex: 0 }

/** More than this is no picture any more; the table tells it. */
export const mostInGraph = 60

interface StepGraphProps {
  steps: readonly StepRun[]
  chosen: number | null
  to: (step: StepRun) => string
}

/** The steps from left to right, each behind what it waits for. */
export function StepGraph({ steps, chosen, to }: StepGraphProps) {
  const placed = placeSteps(steps)
  const places = new Map(placed.map((it) => [it.step.id, it]))
  const right = x(Math.max(0, ...placed.map(({ column }) => column))) + width
  const bottom = y(Math.max(0, ...placed.map(({ row }) => row))) + height
  return (
    <section className="graph" aria-label="Steps by what they wait for" {...reachable}>
      <div className="graph-whole" style={{ width: right, height: bottom }}>
        <svg width={right} height={bottom} aria-hidden="true">
          {placed.flatMap(({ step, column, row }) =>
            step.depends_on.flatMap((id) => {
              const from = places.get(id)
              if (!from) return []
              const x1 = x(from.column) + width
              const y1 = y(from.row) + height / 2
              const x2 = x(column)
              const y2 = y(row) + height / 2
              const bend = gapX / 2
              return [
                <path
                  key={`${id} ${step.id}`}
                  d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
                />,
              ]
            }),
          )}
        </svg>
        {placed.map(({ step, column, row }) => (
          <Link
            key={step.id}
            to={to(step)}
            className="graph-step"
            aria-current={step.id === chosen ? 'true' : undefined}
            style={{ left: x(column), top: y(row), width, height }}
            title={`${step.step_name}: ${spoken(step.status)}`}
          >
            <StatusMark status={step.status} />
            <span>{step.step_name}</span>
            <span className="hidden">, {spoken(step.status)}</span>
          </Link>
        ))}
      </div>
    </section>
  )
}
