import { useEffect } from 'react'

/** How long (ms) whoever takes something away has to put its focus where it belongs. */
const patience = 60

/**
 * Where what has the focus goes away and nobody puts the focus elsewhere, it goes to what stands
 * there now. The browser would drop it: a reader would be at the beginning of the page again.
 */
export function useRescuedFocus(): void {
  useEffect(() => {
    let last: Element | null = null
    const remember = ({ target }: FocusEvent) => {
      last = target instanceof Element ? target : null
    }
    // Whoever points beside everything wants it nowhere.
    const forget = () => {
      last = null
    }
    const observer = new MutationObserver((records) => {
      const lost = last
      if (lost === null || lost.isConnected || document.activeElement !== document.body) return
      const gone = records.find(({ removedNodes }) =>
        [...removedNodes].some((node) => node.contains(lost)),
      )
      if (gone === undefined) return
      setTimeout(() => {
        if (document.activeElement !== document.body || last !== lost) return
        placeAt(gone)?.focus({ preventScroll: true })
      }, patience)
    })
    observer.observe(document.body, { childList: true, subtree: true })
    document.addEventListener('focusin', remember)
    document.addEventListener('pointerdown', forget, true)
    return () => {
      observer.disconnect()
      document.removeEventListener('focusin', remember)
      document.removeEventListener('pointerdown', forget, true)
    }
  }, [])
}

/** What comes after it, or came before, else what both were in. */
function placeAt({ target, nextSibling, previousSibling }: MutationRecord): HTMLElement | null {
  for (const near of [nextSibling, previousSibling]) {
    const place = near instanceof HTMLElement && near.isConnected ? firstIn(near) : null
    if (place) return place
  }
  const around = target instanceof Element ? target.closest<HTMLElement>('section, aside') : null
  return (around && firstIn(around)) ?? document.getElementById('main')
}

const focusable = 'a[href], button, input, select, textarea, summary, [tabindex]'

/** What opens a card before its buttons. */
function firstIn(element: HTMLElement): HTMLElement | null {
  const all = [element, ...element.querySelectorAll<HTMLElement>(focusable)].filter(
    (it) => it.matches(focusable) && !it.matches(':disabled') && it.checkVisibility(),
  )
  return all.find((it) => it.dataset.code !== undefined) ?? all[0] ?? null
}
