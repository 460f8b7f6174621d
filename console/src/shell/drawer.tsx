import { type ReactNode, useEffect, useRef } from 'react'
import { CloseIcon } from '../ui/close-icon.tsx'

/** The sidebar over the page, where there is no room beside it. */
export function Drawer({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      className="drawer"
      aria-label="Menu"
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => event.target === dialog.current && onClose()}
    >
      <button type="button" className="button button-quiet drawer-close" onClick={onClose}>
        <span className="hidden">Close the menu</span>
        <CloseIcon />
      </button>
      {children}
    </dialog>
  )
}
