import { useEffect, useRef } from 'react'

/** Opens a dialog over the page for as long as it is drawn, and gives the focus back at its end. */
export function useModal() {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const element = dialog.current
    const before = document.activeElement
    element?.showModal()
    // The browser would begin with the cross.
    const first = element?.querySelector<HTMLElement>('[data-first]')
    const typed = element?.querySelector<HTMLElement>(':is(input[type="text"], textarea)')
    ;(first ?? typed)?.focus()
    return () => {
      element?.close()
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    }
  }, [])
  return dialog
}
