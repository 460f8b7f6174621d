import { type ReactNode, useId } from 'react'
import { Announcer } from './announcer.tsx'
import { CloseIcon } from './close-icon.tsx'
import { useModal } from './use-modal.ts'
import './dialog.css'

interface DialogProps {
  title: string
  /** Called on Escape and the cross; a click beside it would lose what was typed. */
  onClose: () => void
  /** For tables and previews. */
  wide?: boolean
  children: ReactNode
}

/** A question over the page, which begins at what is marked `data-first`, else where one types. The browser keeps the focus within and gives it back at the end. */
export function Dialog({ title, onClose, wide = false, children }: DialogProps) {
  const dialog = useModal()
  const heading = useId()

  return (
    <dialog
      ref={dialog}
      className={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <div className="dialog-panel">
        <header className="dialog-head">
          <h2 id={heading}>{title}</h2>
          <button type="button" className="button button-quiet" onClick={onClose}>
            <span className="hidden">Close</span>
            <CloseIcon />
          </button>
        </header>
        {children}
      </div>
      <Announcer place="dialog" />
    </dialog>
  )
}
