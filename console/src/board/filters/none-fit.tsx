import { count } from '../../format/words.ts'
import { EmptyState } from '../../ui/states.tsx'
import { everything } from './filter.ts'
import { type Filtering, setFilter } from './use-filter.ts'

/** A board whose cards are all filtered out. */
export function NoneFit({ all }: Pick<Filtering, 'all'>) {
  return (
    <div className="board-state">
      <EmptyState title="No card fits the filters">
        <p>
          {count(all.length, 'card')} of this sprint {all.length === 1 ? 'is' : 'are'} hidden.
        </p>
        <p>
          <button
            type="button"
            className="button button-main"
            onClick={() => setFilter(everything)}
          >
            Show all cards
          </button>
        </p>
      </EmptyState>
    </div>
  )
}
