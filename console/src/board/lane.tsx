import { memo, useId } from 'react'
import { count } from '../format/words.ts'
import { CardList } from './card-list.tsx'
import type { Lane as LaneData } from './lanes.ts'

interface LaneProps {
  lane: LaneData
  folded: boolean
  onFold: (key: string) => void
}

/** A row of the board, which folds away. */
export const Lane = memo(function Lane({ lane, folded, onFold }: LaneProps) {
  const id = useId()
  return (
    <section className="lane" aria-labelledby={id}>
      <h2 className="lane-head">
        <button type="button" aria-expanded={!folded} onClick={() => onFold(lane.key)}>
          <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
            <path d="M3 4.5 6 8l3-3.5" />
          </svg>
          <span id={id}>{lane.name}</span>
          <span className="lane-count numbers">
            {count(lane.cards, 'card')}, {count(lane.points, 'pt')}
          </span>
        </button>
      </h2>
      {!folded && (
        <div className="lane-cells">
          {lane.columns.map(({ status, name, tasks }) => (
            <div className={`lane-cell column-${status}`} key={status}>
              <CardList
                tasks={tasks}
                status={status}
                lane={lane.key}
                label={`${name}, ${lane.name}`}
              />
            </div>
          ))}
        </div>
      )}
    </section>
  )
})
