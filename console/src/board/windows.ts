import {
  createContext,
  type RefObject,
  use,
  useEffectEvent,
  useLayoutEffect,
  useState,
} from 'react'
import { flushSync } from 'react-dom'
import type { Task } from '../api/types.ts'
import { type Rows, rowsWithin } from './rows.ts'

/** Looks where a list is, and answers how to draw it anew where that is needed. */
type Look = () => (() => void) | undefined

/** What the lists of a board share, so that only the cards near the screen are drawn. */
export interface Windows {
  /** Looks at the list whenever it is scrolled or any list has grown or shrunk. */
  add(list: HTMLElement, look: Look): () => void
  /** Keeps looking while this scrolls or changes its size. */
  watch(board: HTMLElement): () => void
  heightOf(task: Task): number
  measured(id: number, height: number): void
}

/** Between cards, in px; the style sheet knows it too. */
export const cardGap = 8
/** Drawn beyond the screen, in px: as far as a hand scrolls between two frames, and more. */
const ahead = { least: 350, most: 700 }

export function createWindows(): Windows {
  const lists = new Map<HTMLElement, Look>()
  const heights = new Map<number, number>()
  let width = 0
  const check = (within: Node = document) => {
    const changes = new Map<HTMLElement, () => void>()
    for (const [list, look] of lists) {
      const change = within.contains(list) ? look() : undefined
      if (change) changes.set(list, change)
    }
    if (changes.size === 0) return
    // What a list becomes by this is no news in this frame.
    for (const list of changes.keys()) resized.unobserve(list)
    // Before the frame is painted: what is scrolled to is there.
    flushSync(() => {
      for (const change of changes.values()) change()
    })
    requestAnimationFrame(() => {
      for (const list of changes.keys()) if (lists.has(list)) resized.observe(list)
    })
  }
  // Told once the browser has laid out what came and went: to ask before makes it do so twice.
  const resized = new ResizeObserver((entries) => {
    const board = entries.find(({ target }) => !lists.has(target as HTMLElement))
    if (board && board.contentRect.width !== width) {
      width = board.contentRect.width
      heights.clear()
    }
    check()
  })
  return {
    add(list, look) {
      lists.set(list, look)
      resized.observe(list)
      return () => {
        lists.delete(list)
        resized.unobserve(list)
        // What stood below it has moved up.
        requestAnimationFrame(() => check())
      }
    },
    watch(board) {
      resized.observe(board)
      // Of the document, since on a phone it scrolls too; scrolling is told on the way down only.
      const scrolled = ({ target }: Event) => check(target as Node)
      document.addEventListener('scroll', scrolled, { capture: true, passive: true })
      return () => {
        resized.unobserve(board)
        document.removeEventListener('scroll', scrolled, { capture: true })
      }
    },
    heightOf: (task) => heights.get(task.id) ?? guessedHeight(task),
    measured: (id, height) => heights.set(id, height),
  }
}

/** Until a card was drawn once; what is off by a little is mended by the browser's anchoring. */
function guessedHeight(task: Task): number {
  const titleLines = Math.min(4, Math.ceil(task.title.length / 30))
  const blocked = task.board_status === 'blocked' ? 34 : 0
  const second = task.labels.length > 0 && (task.step_run_id !== null || task.assignee) ? 27 : 0
  return 79 + titleLines * 20 + blocked + second + cardGap
}

export const WindowsContext = createContext<Windows | null>(null)

export function useWindows(): Windows {
  const windows = use(WindowsContext)
  if (windows === null) throw new Error('a list of cards belongs to a board')
  return windows
}

/** Which cards of a list are near enough to the screen to be drawn. */
export function useRows(list: RefObject<HTMLElement | null>, tasks: readonly Task[]): Rows {
  const windows = useWindows()
  const [rows, setRows] = useState<Rows>({ from: 0, to: 0 })

  const look = useEffectEvent<Look>(() => {
    const element = list.current
    const scroller = element?.closest('[data-scroller]')
    if (!element || !scroller) return undefined
    const frame = scroller.getBoundingClientRect()
    const { top, height } = element.getBoundingClientRect()
    const view = {
      top: Math.max(0, frame.top) - top,
      bottom: Math.min(window.innerHeight, frame.bottom) - top,
    }
    const cards = element.querySelectorAll<HTMLElement>(':scope > [data-row]')
    const inRows = [...cards].filter(({ dataset }) => {
      const row = Number(dataset.row)
      return row >= rows.from && row < rows.to
    })
    const drawnTo = inRows.at(-1)
    const drawn = {
      top: rows.from === 0 ? Number.NEGATIVE_INFINITY : (inRows[0]?.offsetTop ?? height),
      bottom:
        rows.to >= tasks.length
          ? Number.POSITIVE_INFINITY
          : drawnTo
            ? drawnTo.offsetTop + drawnTo.offsetHeight
            : 0,
    }
    const enough = (least: number) =>
      (drawn.top <= view.top - least || view.top - least > height) &&
      (drawn.bottom >= view.bottom + least || view.bottom + least < 0)
    if (enough(ahead.least)) return undefined
    for (const card of cards) {
      const task = tasks[Number(card.dataset.row)]
      if (task) windows.measured(task.id, card.offsetHeight + cardGap)
    }
    const next = rowsWithin(
      tasks.length,
      { top: view.top - ahead.most, bottom: view.bottom + ahead.most },
      (index) => windows.heightOf(tasks[index] as Task),
    )
    if (next.from === rows.from && next.to === rows.to) return undefined
    return () => setRows(next)
  })
  useLayoutEffect(() => {
    if (list.current) return windows.add(list.current, () => look())
  }, [windows, list])
  return rows
}
