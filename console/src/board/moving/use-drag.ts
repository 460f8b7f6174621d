import { type RefObject, useEffect, useEffectEvent } from 'react'
import { cardsOf } from '../../edits/words.ts'
import { columnNames } from '../../scrum/columns.ts'
import type { SelectionStore } from '../../scrum/selection.ts'
import { announce } from '../../ui/announcer.tsx'
import type { ActiveCard } from '../active-card.ts'
import type { DragHooks } from './drag.ts'
import type { Spot } from './spot.ts'
import type { Moves } from './use-moves.ts'

interface Dragging {
  board: RefObject<HTMLElement | null>
  line: RefObject<HTMLElement | null>
  active: ActiveCard
  selection: SelectionStore
  moves: Moves
  enabled: boolean
  /** Asks why, where cards are dropped on Blocked. */
  askReason: (ids: ReadonlySet<number>, spot: Spot) => void
}

/** After the board is there, and where the server was away (ms). */
const fetchedAfter = 200
const triedAgainAfter = 5_000

/** Dragging is fetched once the board is there: nobody needs it before. */
export function useDrag({ board, line, active, selection, moves, enabled, askReason }: Dragging) {
  const hooks: DragHooks = {
    taken(id) {
      // It stays drawn wherever the lists are scrolled to meanwhile.
      active.set(id)
      return selection.ids.has(id) ? new Set(selection.ids) : new Set([id])
    },
    over(_, spot) {
      if (spot) announce([columnNames[spot.status], spot.lane].filter(Boolean).join(', '))
    },
    refuses: (ids, spot) => moves.refusal(moves.find(ids), spot) !== undefined,
    dropped(ids, spot) {
      const tasks = moves.find(ids)
      if (tasks.length === 0) {
        announce('What was dragged is no longer on this board.')
        return false
      }
      const blocks = tasks.some((task) => task.board_status !== 'blocked')
      const asks = spot.status === 'blocked' && blocks && moves.refusal(tasks, spot) === undefined
      if (asks) askReason(ids, spot)
      else moves.toSpot(tasks, spot)
      return asks
    },
    putBack: (ids) => announce(`${cardsOf(moves.find(ids))} put back.`),
  }
  const now = useEffectEvent(() => hooks)
  useEffect(() => {
    if (!enabled) return
    let stop: (() => void) | undefined
    let left = false
    const begin = async () => {
      const loaded = await import('./drag.ts').catch(() => null)
      if (left || !board.current || !line.current) return
      if (loaded === null) {
        timer = setTimeout(() => void begin(), triedAgainAfter)
        return
      }
      stop = loaded.watchDrags(board.current, line.current, {
        taken: (id) => now().taken(id),
        over: (ids, spot) => now().over(ids, spot),
        refuses: (ids, spot) => now().refuses(ids, spot),
        dropped: (ids, spot) => now().dropped(ids, spot),
        putBack: (ids) => now().putBack(ids),
      })
    }
    let timer = setTimeout(() => void begin(), fetchedAfter)
    return () => {
      left = true
      clearTimeout(timer)
      stop?.()
    }
  }, [enabled, board, line])
}
