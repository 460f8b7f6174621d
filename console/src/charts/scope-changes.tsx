import type { Burndown } from '../api/types.ts'
import { count } from '../format/words.ts'
import { CardLink } from './card-link.tsx'
import { indexAt, mergedMarks } from './lines.ts'
import type { Pen } from './pen.ts'
import { figure } from './sentences/amounts.ts'
import type { Clock } from './time-axis.ts'

/** “+3”, “−2”, “±0” */
export const signed = (value: number) =>
  value === 0 ? '±0' : `${value > 0 ? '+' : '−'}${figure(Math.abs(value))}`

const words = { added: 'added', removed: 'removed', estimated: 're-estimated' }

/** What came into the sprint and left it after its start, card by card. */
export function ScopeChanges({
  chart,
  clock,
  slug,
}: {
  chart: Burndown
  clock: Clock
  slug: string
}) {
  const { scope_changes: changes, scope_change_points: sum } = chart
  if (changes.length === 0) return null
  return (
    <details className="chart-more">
      <summary>
        {count(changes.length, 'scope change')} since the start, {signed(sum)} points together
      </summary>
      <ul className="chart-list numbers">
        {changes.slice(-200).map((change) => (
          <li key={`${change.at} ${change.task_id} ${change.points}`}>
            <span>{clock.moment(Date.parse(change.at))}</span>
            <strong>{signed(change.points)}</strong>
            <span>
              <CardLink slug={slug} card={change} /> {words[change.kind]}
            </span>
          </li>
        ))}
      </ul>
      {changes.length > 200 && <p>These are the last 200; the CSV has all of them.</p>}
    </details>
  )
}

/** A ring on the line wherever the scope changed, with the sign of the change in it. */
export function drawScopeChanges(
  pen: Pen,
  { scope_changes }: Burndown,
  { x, remaining }: { x: readonly number[]; remaining: readonly (number | null)[] },
): void {
  const { ctx, ink, ratio } = pen
  const changes = scope_changes
    .map(({ at, points }) => ({ at: Date.parse(at), points }))
    .filter(({ points }) => points !== 0)
  for (const { at, points } of mergedMarks(changes, pen.x, 16 * ratio)) {
    const value = remaining[indexAt(x, at)]
    if (value == null) continue
    const [left, top] = [pen.x(at), pen.y(value)]
    const arm = 3.5 * ratio
    ctx.save()
    ctx.beginPath()
    ctx.arc(left, top, 7 * ratio, 0, 2 * Math.PI)
    ctx.fillStyle = ink.colours.surface
    ctx.fill()
    ctx.strokeStyle = ink.colours[points > 0 ? 'blocked' : 'ink']
    ctx.lineWidth = 1.5 * ratio
    ctx.stroke()
    ctx.beginPath()
    ctx.moveTo(left - arm, top)
    ctx.lineTo(left + arm, top)
    if (points > 0) {
      ctx.moveTo(left, top - arm)
      ctx.lineTo(left, top + arm)
    }
    ctx.stroke()
    ctx.restore()
  }
}
