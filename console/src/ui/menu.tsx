import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react'
import { Popover } from './popover.tsx'
import './menu.css'

interface MenuProps {
  /** The button it belongs to; it gets the focus back where a pick does not take it elsewhere. */
  anchor: HTMLElement
  heading: ReactNode
  onClose: () => void
  /** `MenuItem`s. */
  children: ReactNode
}

/** A menu by the ARIA pattern: arrows go round, Home and End, a letter to what begins with it. */
export function Menu({ anchor, heading, onClose, children }: MenuProps) {
  return (
    <Popover anchor={anchor} onClose={onClose}>
      <MenuList heading={heading} onLeave={onClose}>
        {children}
      </MenuList>
    </Popover>
  )
}

interface MenuListProps {
  heading: ReactNode
  onLeave: () => void
  children: ReactNode
}

/** The menu without its panel, for panels that hold something else after a pick. */
export function MenuList({ heading, onLeave, children }: MenuListProps) {
  const menu = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => itemsOf(menu.current)[0]?.focus(), [])

  const steer = (event: KeyboardEvent) => {
    if (event.key === 'Tab') onLeave()
    const items = itemsOf(menu.current)
    const here = items.findIndex((item) => item.matches(':focus'))
    const next = nextItem(event.key, items, here)
    if (next === undefined) return
    event.preventDefault()
    next.focus()
  }
  return (
    <>
      <p id={id} className="menu-heading">
        {heading}
      </p>
      <div
        ref={menu}
        role="menu"
        className="menu"
        aria-labelledby={id}
        tabIndex={-1}
        onKeyDown={steer}
      >
        {children}
      </div>
    </>
  )
}

interface MenuItemProps {
  onPick: () => void
  /** Set for a choice among several, or one that is on or off. */
  checked?: boolean
  children: ReactNode
}

export function MenuItem({ onPick, checked, children }: MenuItemProps) {
  if (checked === undefined) {
    return (
      <button type="button" role="menuitem" tabIndex={-1} onClick={onPick}>
        {children}
      </button>
    )
  }
  return (
    <button
      type="button"
      role="menuitemcheckbox"
      aria-checked={checked}
      tabIndex={-1}
      onClick={onPick}
    >
      {children}
    </button>
  )
}

const itemsOf = (menu: HTMLElement | null) => [
  ...(menu?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? []),
]

function nextItem(key: string, items: HTMLElement[], here: number): HTMLElement | undefined {
  const count = items.length
  if (key === 'ArrowDown') return items[(here + 1) % count]
  if (key === 'ArrowUp') return items[(here - 1 + count) % count]
  if (key === 'Home') return items[0]
  if (key === 'End') return items[count - 1]
  if (key.length !== 1) return undefined
  const after = [...items.slice(here + 1), ...items.slice(0, here + 1)]
  return after.find((item) => item.textContent?.toLowerCase().startsWith(key.toLowerCase()))
}
