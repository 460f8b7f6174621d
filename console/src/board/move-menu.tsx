import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import type { Task } from '../api/types.ts'
import { MenuItem, MenuList } from '../ui/menu.tsx'
import { Popover } from '../ui/popover.tsx'
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

/** Where a card can go. Blocking asks why; the answer may stay empty. */
export function MoveMenu({ request: { task, anchor }, onChoose, onClose }: MoveMenuProps) {
  const [blocking, setBlocking] = useState(false)
  const choose = (to: ColumnStatus, reason?: string) => {
    anchor.focus({ preventScroll: true })
    onChoose({ task, to, reason })
  }
  const heading = (
    <>
      Move <span className="id">{shortId(task)}</span> to
    </>
  )
  return (
    <Popover anchor={anchor} onClose={onClose}>
      {blocking ? (
        <ReasonForm task={task} onDone={(reason) => choose('blocked', reason)} />
      ) : (
        <MenuList heading={heading} onLeave={onClose}>
          {columnOrder
            .filter((status) => status !== task.board_status)
            .map((status) => (
              <MenuItem
                key={status}
                onPick={() => (status === 'blocked' ? setBlocking(true) : choose(status))}
              >
                <StatusMark status={status} />
                {columnNames[status]}
                {status === 'blocked' && '…'}
              </MenuItem>
            ))}
        </MenuList>
      )}
    </Popover>
  )
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
    <form className="reason" onSubmit={submit}>
      <label htmlFor={id}>What blocks {shortId(task)}?</label>
      <input ref={field} id={id} type="text" maxLength={10_000} autoComplete="off" />
      <button type="submit" className="button button-main">
        Move to Blocked
      </button>
    </form>
  )
}
