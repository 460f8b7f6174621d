import { type RefObject, useEffect, useRef } from 'react'
import { flushSync } from 'react-dom'
import type { Task } from '../api/types.ts'
import type { ActiveCard } from './active-card.ts'

/** Puts the focus, once, on a card that was just made here, as soon as the board has it. */
export function useMadeCard(
  board: RefObject<HTMLElement | null>,
  active: ActiveCard,
  tasks: readonly Task[],
  made: Task | null,
): void {
  const last = useRef<Task | null>(null)
  const isHere = made !== null && tasks.some(({ id }) => id === made.id)
  useEffect(() => {
    if (made === null || !isHere || made === last.current) return
    last.current = made
    // After what was on top has closed and given the focus back.
    queueMicrotask(() => {
      flushSync(() => active.set(made.id))
      const link = board.current?.querySelector<HTMLElement>(`[data-focus="open ${made.id}"]`)
      link?.focus({ preventScroll: true })
      link?.closest('.card')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    })
  }, [board, active, made, isHere])
}
