import { memo } from 'react'
import { amount, count } from '../format/words.ts'
import type { ColumnStatus } from '../scrum/columns.ts'
import { StatusMark } from '../ui/status-mark.tsx'

interface ColumnHeadProps {
  id: string
  status: ColumnStatus
  name: string
  /** Cards shown, and their points. */
  cards: number
  points: number
  /** All cards of the column, shown or filtered away: what a limit counts. */
  wip: number
  limit: number | undefined
}

export const ColumnHead = memo(function ColumnHead(props: ColumnHeadProps) {
  const { id, status, name, cards, points, wip, limit } = props
  const over = limit !== undefined && wip > limit
  return (
    <header className="column-head">
      <h2 id={id}>
        <StatusMark status={status} />
        {name}
        {/* The limit tells the same number, unless cards are filtered away. */}
        <span className={limit === undefined || wip !== cards ? 'column-count numbers' : 'hidden'}>
          {amount(cards)}
          <span className="hidden"> {cards === 1 ? 'card' : 'cards'}</span>
        </span>
      </h2>
      <span className="column-end numbers">
        {limit !== undefined && (
          <span
            className={`column-limit${over ? ' column-over' : ''}`}
            title={
              over
                ? `Over the limit: ${wip} cards where ${limit} are meant to be under way at once`
                : `At most ${count(limit, 'card')} at once`
            }
          >
            {over && (
              <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
                <path d="M6 1 11.5 11H.5Z" />
              </svg>
            )}
            {wip}/{limit}
            <span className="hidden">{over ? ' over the limit' : ' of the limit'}</span>
          </span>
        )}
        <span>{count(points, 'pt')}</span>
      </span>
    </header>
  )
})
