import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'

/**
 * Keeps the focus on a card that moves to another column: the browser drops it with the old node.
 * Elements opt in with `data-focus`, a key that stays the same wherever they are drawn.
 */
export function useKeptFocus(within: RefObject<HTMLElement | null>): void {
  const last = useRef<string | null>(null)

  useEffect(() => {
    const remember = ({ target }: FocusEvent) => {
      const inside = target instanceof HTMLElement && within.current?.contains(target)
      last.current = inside ? (target.dataset.focus ?? null) : null
    }
    document.addEventListener('focusin', remember)
    return () => document.removeEventListener('focusin', remember)
  }, [within])

  useLayoutEffect(() => {
    if (last.current === null || document.activeElement !== document.body) return
    const selector = `[data-focus="${CSS.escape(last.current)}"]`
    within.current?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true })
  })
}
