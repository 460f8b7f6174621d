import { useCallback, useEffect, useRef, useState } from 'react'
import type { StepRun, Task } from '../api/types.ts'
import { Column } from './column.tsx'
import { type Column as ColumnData, columnsOf, keepUnchanged } from './columns.ts'
import { useKeptFocus } from './kept-focus.ts'
import { MoveMenu, type MoveRequest } from './move-menu.tsx'
import type { Move } from './moves.ts'
import { useMove } from './use-move.ts'

interface BoardProps {
  sprintId: number
  tasks: readonly Task[]
  steps: ReadonlyMap<number, StepRun>
  canMove: boolean
  /** Code of the card that the side peek shows. */
  peeked: string | null
  onOpen: (code: string) => void
}

export function Board({ sprintId, tasks, steps, canMove, peeked, onOpen }: BoardProps) {
  const columns = useColumns(tasks)
  const board = useRef<HTMLElement>(null)
  const [asked, setAsked] = useState<MoveRequest | null>(null)
  const move = useMove(sprintId)
  useKeptFocus(board)
  useSettled(board)

  const askMove = useCallback((task: Task, anchor: HTMLElement) => setAsked({ task, anchor }), [])
  const choose = (wanted: Move) => {
    setAsked(null)
    move(wanted)
  }

  return (
    <section className="board" aria-label="Board" ref={board}>
      <nav className="board-jumps" aria-label="Columns">
        {columns.map(({ status, name, tasks: cards }) => (
          <a key={status} href={`#column-${status}`}>
            {name} <span className="numbers">{cards.length}</span>
          </a>
        ))}
      </nav>
      {columns.map((column) => (
        <Column
          key={column.status}
          column={column}
          steps={steps}
          peeked={peeked}
          onOpen={onOpen}
          onMove={canMove ? askMove : undefined}
        />
      ))}
      {asked && <MoveMenu request={asked} onChoose={choose} onClose={() => setAsked(null)} />}
    </section>
  )
}

function useColumns(tasks: readonly Task[]): readonly ColumnData[] {
  const [columns, setColumns] = useState(() => columnsOf(tasks))
  const [drawn, setDrawn] = useState(tasks)
  if (drawn === tasks) return columns
  const next = keepUnchanged(columns, columnsOf(tasks))
  setDrawn(tasks)
  setColumns(next)
  return next
}

/** Once the first cards are drawn, one that comes in shows that it did. */
function useSettled(board: React.RefObject<HTMLElement | null>) {
  useEffect(() => {
    const timer = setTimeout(() => {
      if (board.current) board.current.dataset.settled = ''
    }, 500)
    return () => clearTimeout(timer)
  }, [board])
}
