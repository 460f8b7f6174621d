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
  add(look: Look): () => void
  /** Looks at all lists now, such as after cards have come or gone. */
  look(): void
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
  const lists = new Set<Look>()
  const heights = new Map<number, number>()
  const looks = () => [...lists].flatMap((look) => look() ?? [])
  const check = () => {
    const changes = looks()
    // Before this frame is painted: what is scrolled to is there.
    if (changes.length > 0) {
      flushSync(() => {
        for (const change of changes) change()
      })
    }
  }
  return {
    add(look) {
      lists.add(look)
      return () => lists.delete(look)
    },
    look() {
      for (const change of looks()) change()
    },
    watch(board) {
      let width = board.clientWidth
      const resized = new ResizeObserver(() => {
        if (board.clientWidth !== width) heights.clear()
        width = board.clientWidth
        check()
      })
      resized.observe(board)
      // Of the document, since on a phone it scrolls too; scrolling is told on the way down only.
      document.addEventListener('scroll', check, { capture: true, passive: true })
      return () => {
        resized.disconnect()
        document.removeEventListener('scroll', check, { capture: true })
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

export const WindowsContext = createContext<Windows>(createWindows())

/** Which cards of a list are near enough to the screen to be drawn. */
export function useRows(list: RefObject<HTMLElement | null>, tasks: readonly Task[]): Rows {
  const windows = use(WindowsContext)
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
    for (const card of cards) windows.measured(Number(card.dataset.id), card.offsetHeight + cardGap)
    const next = rowsWithin(
      tasks.length,
      { top: view.top - ahead.most, bottom: view.bottom + ahead.most },
      (index) => windows.heightOf(tasks[index] as Task),
    )
    if (next.from === rows.from && next.to === rows.to) return undefined
    return () => setRows(next)
  })
  useLayoutEffect(() => windows.add(() => look()), [windows])
  return rows
}
