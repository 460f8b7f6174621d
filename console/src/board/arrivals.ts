import { type RefObject, useEffect, useRef } from 'react'
import type { Task } from '../api/types.ts'

/** Where more come at once, as from agents at work, pointing at each of them says nothing. */
const mostAtOnce = 5
/** Steps rather than a glide: each is a frame to draw. */
const fade: KeyframeAnimationOptions = { duration: 1500, easing: 'steps(12)' }

/** A card that came or changed its column just now shows that it did. */
export function useArrivals(board: RefObject<HTMLElement | null>, tasks: readonly Task[]): void {
  const known = useRef<ReadonlyMap<number, Task>>(null)
  const shown = useRef(0)
  useEffect(() => {
    const before = known.current
    known.current = new Map(tasks.map((task) => [task.id, task]))
    if (before === null || matchMedia('(prefers-reduced-motion: reduce)').matches) return
    const come = tasks.filter((task) => {
      const old = before.get(task.id)
      return old !== task && old?.board_status !== task.board_status
    })
    if (come.length + shown.current > mostAtOnce) return
    for (const { id } of come) {
      const card = board.current?.querySelector(`.card[data-id="${id}"]`)
      const animation = card?.animate(
        { backgroundColor: ['var(--brand-wash)', 'var(--surface)'] },
        fade,
      )
      if (!animation) continue
      shown.current += 1
      const over = () => {
        shown.current -= 1
      }
      animation.finished.then(over, over)
    }
  }, [board, tasks])
}
