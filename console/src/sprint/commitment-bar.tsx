import type { ProjectVelocity, Sprint } from '../api/types.ts'
import { count } from '../format/words.ts'
import { type Planned, verdictOn } from './commitment.ts'

interface CommitmentProps {
  sprint: Sprint
  planned: Planned
  past: ProjectVelocity | undefined
}

/** A planning sprint's points against past velocity: a bar, and the same in words. */
export function Commitment({ sprint, planned, past }: CommitmentProps) {
  if (past === undefined) return <p className="commitment" aria-hidden="true" />
  const capacity = sprint.velocity_planned
  const { amount, judgement, over } = verdictOn(planned, past, capacity)
  const scale = 1.12 * Math.max(planned.points, past.max ?? 0, capacity ?? 0, 1)
  const at = (points: number) => `${(100 * points) / scale}%`
  return (
    <div className={`commitment${over ? ' commitment-over' : ''}`}>
      <svg className="commitment-bar" aria-hidden="true">
        <rect className="whole" width="100%" height="8" y="4" rx="2" />
        {past.min !== null && past.max !== null && (
          <rect
            className="past"
            x={at(past.min)}
            width={at(Math.max(past.max - past.min, scale / 200))}
            height="16"
            rx="2"
          />
        )}
        <rect className="plan" width={at(planned.points)} height="8" y="4" rx="2" />
        {past.mean !== null && (
          <line className="mean" x1={at(past.mean)} x2={at(past.mean)} y1="0" y2="16" />
        )}
        {capacity !== null && (
          <line className="capacity" x1={at(capacity)} x2={at(capacity)} y1="0" y2="16" />
        )}
      </svg>
      <p>
        <strong className="numbers">{amount}</strong>
        {judgement && `: ${judgement}`}
        {planned.unestimated > 0 && (
          <span> · {count(planned.unestimated, 'card')} without points</span>
        )}
      </p>
    </div>
  )
}
