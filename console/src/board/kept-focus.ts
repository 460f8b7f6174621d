import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import type { ActiveCard } from './active-card.ts'

/**
 * Keeps the focus on a card that moves to another column: the browser drops it with the old node.
 * Elements opt in with `data-focus`, a key that stays the same wherever they are drawn. The card
 * that has the focus becomes the active one, which is drawn wherever it goes. Where it leaves the
 * board, the one that has become active gets the focus.
 */
export function useKeptFocus(within: RefObject<HTMLElement | null>, active: ActiveCard): void {
  const last = useRef<string | null>(null)

  useEffect(() => {
    const remember = ({ target }: FocusEvent) => {
      const inside = target instanceof HTMLElement && within.current?.contains(target)
      last.current = inside ? (target.dataset.focus ?? null) : null
      const card = inside ? target.closest<HTMLElement>('.card') : null
      if (card) active.set(Number(card.dataset.id))
    }
    document.addEventListener('focusin', remember)
    return () => document.removeEventListener('focusin', remember)
  }, [within, active])

  useLayoutEffect(() => {
    if (last.current === null || document.activeElement !== document.body) return
    const drawn = (key: string) =>
      within.current?.querySelector<HTMLElement>(`[data-focus="${CSS.escape(key)}"]`)
    const place = drawn(last.current) ?? drawn(`open ${active.id}`)
    place?.focus({ preventScroll: true })
  })
}
