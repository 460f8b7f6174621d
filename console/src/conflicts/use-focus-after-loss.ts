import { useEffect, useLayoutEffect, useRef } from 'react'

/** Where the focused item of a list goes away, its focus goes to the list, or to the page. */
export function useFocusAfterLoss() {
  const list = useRef<HTMLUListElement>(null)
  const within = useRef(false)
  useEffect(() => {
    const remember = ({ target }: FocusEvent) => {
      within.current = target instanceof Node && (list.current?.contains(target) ?? false)
    }
    document.addEventListener('focusin', remember)
    return () => document.removeEventListener('focusin', remember)
  }, [])
  useLayoutEffect(() => {
    if (!within.current || document.activeElement !== document.body) return
    const place = list.current ?? document.getElementById('main')
    place?.focus({ preventScroll: true })
  })
  return list
}
