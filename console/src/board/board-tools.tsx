import { useRef, useState } from 'react'
import { changeQuery, useLocation } from '../routing/location.ts'
import { type ColumnStatus, columnNames, columnOrder } from '../scrum/columns.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { laneKindNames, laneKinds } from './lanes.ts'
import { hiddenColumnsOf, laneKindOf, withHiddenColumns, withLanes } from './view-query.ts'

/** How the board is laid out: its lanes, and which columns it shows. Both live in the address. */
export function BoardTools() {
  const { query } = useLocation()
  const kind = laneKindOf(query)
  const hidden = hiddenColumnsOf(query)
  const lanes = useRef<HTMLButtonElement>(null)
  const columns = useRef<HTMLButtonElement>(null)
  const [asked, setAsked] = useState<'lanes' | 'columns' | null>(null)
  const leave = () => {
    setAsked(null)
    const button = asked === 'lanes' ? lanes : columns
    button.current?.focus()
  }
  const toggle = (status: ColumnStatus) => {
    const next = new Set(hidden)
    if (!next.delete(status)) next.add(status)
    changeQuery((it) => withHiddenColumns(it, next))
  }
  return (
    <div className="board-tools">
      <button
        ref={lanes}
        type="button"
        className="button button-small"
        aria-haspopup="menu"
        onClick={() => setAsked('lanes')}
      >
        {kind === 'none' ? 'Lanes' : `Lanes: ${laneKindNames[kind]}`}
      </button>
      <button
        ref={columns}
        type="button"
        className="button button-small"
        aria-haspopup="menu"
        onClick={() => setAsked('columns')}
      >
        {hidden.size === 0 ? 'Columns' : `Columns: ${hidden.size} hidden`}
      </button>
      {asked === 'lanes' && lanes.current && (
        <Menu anchor={lanes.current} heading="Lanes by" onClose={() => setAsked(null)}>
          {laneKinds.map((it) => (
            <MenuItem
              key={it}
              checked={it === kind}
              onPick={() => {
                changeQuery((now) => withLanes(now, it))
                leave()
              }}
            >
              {laneKindNames[it]}
            </MenuItem>
          ))}
        </Menu>
      )}
      {asked === 'columns' && columns.current && (
        <Menu anchor={columns.current} heading="Columns shown" onClose={() => setAsked(null)}>
          {columnOrder.map((status) => (
            <MenuItem key={status} checked={!hidden.has(status)} onPick={() => toggle(status)}>
              <StatusMark status={status} />
              {columnNames[status]}
            </MenuItem>
          ))}
        </Menu>
      )}
    </div>
  )
}
