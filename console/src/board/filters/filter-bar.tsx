import { type ReactNode, useId, useRef, useState } from 'react'
import { useActions } from '../../actions/actions.ts'
import { amount, count } from '../../format/words.ts'
import { everything, isEverything } from './filter.ts'
import { FilterChips } from './filter-chips.tsx'
import { FilterPanel } from './filter-panel.tsx'
import { FilterText } from './filter-text.tsx'
import { type Filtering, setFilter } from './use-filter.ts'
import './filter-bar.css'

/** Above the board: what is shown of it. `children` stand at its end. */
export function FilterBar({ children, ...filtering }: Filtering & { children?: ReactNode }) {
  const { filter, all, shown } = filtering
  const field = useRef<HTMLInputElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const isFiltered = !isEverything(filter)

  useActions([
    {
      id: 'board.filter',
      title: 'Filter cards',
      group: 'Board',
      keys: ['F'],
      run: () => field.current?.select(),
    },
    ...(isFiltered
      ? [
          {
            id: 'board.show-all',
            title: 'Clear the filters',
            group: 'Board',
            run: () => setFilter(everything),
          },
        ]
      : []),
  ])

  return (
    <search className="filter-bar" aria-label="Cards">
      <div className="filter-row">
        <FilterText
          field={field}
          text={filter.text}
          onText={(text) => setFilter({ ...filter, text }, { replace: true })}
        />
        <button
          ref={opener}
          type="button"
          className="button button-small"
          popoverTarget={id}
          aria-haspopup="dialog"
        >
          Filter
        </button>
        <div
          id={id}
          popover="auto"
          className="filter-popover"
          onBeforeToggle={({ currentTarget }) => placeBelow(currentTarget, opener.current)}
          onToggle={({ newState }) => setOpen(newState === 'open')}
        >
          {isOpen && <FilterPanel tasks={all} filter={filter} onFilter={setFilter} />}
        </div>
        <p className="filter-count numbers" role="status">
          {isFiltered && `${amount(shown.length)} of `}
          {count(all.length, 'card')}
        </p>
        {isFiltered && (
          <button
            type="button"
            className="button button-small"
            onClick={() => setFilter(everything)}
          >
            Clear
          </button>
        )}
        {children}
      </div>
      <FilterChips {...filtering} />
    </search>
  )
}

const margin = 8

/** Below the button that opens it, and inside the window. */
export function placeBelow(popover: HTMLElement, opener: HTMLElement | null): void {
  if (opener === null) return
  const { left, bottom } = opener.getBoundingClientRect()
  const width = Math.min(300, window.innerWidth - 2 * margin)
  const top = bottom + 4
  popover.style.inlineSize = `${width}px`
  popover.style.left = `${Math.max(margin, Math.min(left, window.innerWidth - width - margin))}px`
  popover.style.top = `${top}px`
  popover.style.maxBlockSize = `${Math.max(200, window.innerHeight - top - margin)}px`
}
