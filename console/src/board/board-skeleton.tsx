import { Skeleton } from '../ui/states.tsx'
import './card.css'

const bones = [3, 2, 1, 0, 1, 2].map((cards, column) => ({
  key: `column ${column}`,
  cards: Array.from({ length: cards }, (_, card) => `card ${card}`),
}))

/** Columns and cards to come. */
export function BoardSkeleton() {
  return (
    <div className="board" aria-hidden="true">
      {bones.map(({ key, cards }) => (
        <div className="column" key={key}>
          <div className="column-head">
            <span className="bone" />
          </div>
          {cards.map((card) => (
            <div className="card card-bone" key={card}>
              <Skeleton lines={2} />
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}
