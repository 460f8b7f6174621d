import {
  type FormEvent,
  type KeyboardEvent,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import type { Task } from '../api/types.ts'
import { StatusMark } from '../ui/status-mark.tsx'
import { type ColumnStatus, columnNames, columnOrder } from './columns.ts'
import type { Move } from './moves.ts'
import { shortId } from './short-id.ts'
import './move-menu.css'

export interface MoveRequest {
  task: Task
  /** The button it belongs to: it opens beside it and gives the focus back. */
  anchor: HTMLElement
}

interface MoveMenuProps {
  request: MoveRequest
  onChoose: (move: Move) => void
  onClose: () => void
}

const margin = 8

/** Where a card can go. Blocking asks why; the answer may stay empty. */
export function MoveMenu({ request: { task, anchor }, onChoose, onClose }: MoveMenuProps) {
  const popover = useRef<HTMLDivElement>(null)
  const [blocking, setBlocking] = useState(false)

  useLayoutEffect(() => {
    const element = popover.current
    if (element === null) return
    element.showPopover()
    const button = anchor.getBoundingClientRect()
    const { width, height } = element.getBoundingClientRect()
    const x = Math.min(button.right - width, window.innerWidth - width - margin)
    const below = button.bottom + 4
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

  const choose = (to: ColumnStatus, reason?: string) => {
    anchor.focus({ preventScroll: true })
    onChoose({ task, to, reason })
  }
  const pick = (to: ColumnStatus) => (to === 'blocked' ? setBlocking(true) : choose(to))

  return (
    <div ref={popover} popover="auto" className="move-menu">
      {blocking ? (
        <ReasonForm task={task} onDone={(reason) => choose('blocked', reason)} />
      ) : (
        <Places task={task} onPick={pick} onLeave={onClose} />
      )}
    </div>
  )
}

interface PlacesProps {
  task: Task
  onPick: (to: ColumnStatus) => void
  onLeave: () => void
}

function Places({ task, onPick, onLeave }: PlacesProps) {
  const menu = useRef<HTMLDivElement>(null)
  const heading = useId()
  useEffect(() => menu.current?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus(), [])

  const steer = (event: KeyboardEvent) => {
    if (event.key === 'Tab') onLeave()
    const items = [...(menu.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])]
    const here = items.findIndex((item) => item.matches(':focus'))
    const next = nextItem(event.key, items, here)
    if (next === undefined) return
    event.preventDefault()
    next.focus()
  }

  return (
    <>
      <p id={heading} className="move-heading">
        Move <span className="id">{shortId(task)}</span> to
      </p>
      <div ref={menu} role="menu" aria-labelledby={heading} tabIndex={-1} onKeyDown={steer}>
        {columnOrder
          .filter((status) => status !== task.board_status)
          .map((status) => (
            <button
              key={status}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => onPick(status)}
            >
              <StatusMark status={status} />
              {columnNames[status]}
              {status === 'blocked' && '…'}
            </button>
          ))}
      </div>
    </>
  )
}

/** Arrows go round, Home and End to the ends, a letter to the next item that begins with it. */
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

function ReasonForm({ task, onDone }: { task: Task; onDone: (reason: string) => void }) {
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  useEffect(() => field.current?.focus(), [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onDone(field.current?.value.trim() ?? '')
  }
  return (
    <form onSubmit={submit}>
      <label htmlFor={id}>What blocks {shortId(task)}?</label>
      <input ref={field} id={id} type="text" maxLength={10_000} autoComplete="off" />
      <button type="submit" className="button button-main">
        Move to Blocked
      </button>
    </form>
  )
}
