import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import './popover.css'

interface PopoverProps {
  /** What it belongs to: it opens beside it. */
  anchor: HTMLElement
  /** Called on Escape and a click elsewhere. It stays open while it is rendered. */
  onClose: () => void
  children: ReactNode
}

/** Kept free at the window's edges (px). */
const margin = 8

/** A small panel beside what opened it, within the window. */
export function Popover({ anchor, onClose, children }: PopoverProps) {
  const popover = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    const element = popover.current
    if (element === null) return
    element.showPopover()
    const beside = anchor.getBoundingClientRect()
    const { width, height } = element.getBoundingClientRect()
    const x = Math.min(beside.right - width, window.innerWidth - width - margin)
    const below = beside.bottom + 4
    const fits = below + height + margin <= window.innerHeight
    element.style.left = `${Math.max(margin, x)}px`
    element.style.top = `${Math.max(margin, fits ? below : window.innerHeight - height - margin)}px`
  }, [anchor])

  useEffect(() => {
    const element = popover.current
    const toggled = (event: Event) => {
      if ((event as ToggleEvent).newState === 'closed') onClose()
    }
    element?.addEventListener('toggle', toggled)
    return () => element?.removeEventListener('toggle', toggled)
  }, [onClose])

  return (
    <div ref={popover} popover="auto" className="popover">
      {children}
    </div>
  )
}
