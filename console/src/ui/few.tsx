import { type ReactNode, useState } from 'react'
import { amount } from '../format/words.ts'

interface Few {
  of: <T>(items: readonly T[]) => readonly T[]
  /** The list's last item: a button that shows the rest, or takes it away again. */
  more: (total: number) => ReactNode
}

/** The first few of a long list, until somebody asks for all. */
export function useFew(atFirst: number): Few {
  const [all, setAll] = useState(false)
  return {
    of: (items) => (all ? items : items.slice(0, atFirst)),
    more: (total) =>
      total > atFirst && (
        <li>
          <button
            type="button"
            className="button button-small"
            aria-expanded={all}
            onClick={() => setAll(!all)}
          >
            {all ? `Show the first ${atFirst}` : `Show all ${amount(total)}`}
          </button>
        </li>
      ),
  }
}
