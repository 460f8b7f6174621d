import { memo, use, useRef } from 'react'
import type { Task } from '../api/types.ts'
import type { ColumnStatus } from '../scrum/columns.ts'
import { useActiveIndex } from './active-card.ts'
import { BoardActionsContext } from './board-actions.ts'
import { Card } from './card.tsx'
import { piecesOf } from './rows.ts'
import { useRows, useWindows } from './windows.ts'

interface CardListProps {
  tasks: readonly Task[]
  status: ColumnStatus
  lane: string
  label: string
}

/** Cards in one column of one lane. Only those near the screen are drawn; the rest is room. */
export const CardList = memo(function CardList({ tasks, status, lane, label }: CardListProps) {
  const list = useRef<HTMLUListElement>(null)
  const windows = useWindows()
  const { steps, peeked, open, move } = use(BoardActionsContext)
  const rows = useRows(list, tasks)
  const active = useActiveIndex(tasks)
  const shown = tasks.findIndex(({ code }) => code === peeked)
  const heightOf = (index: number) => {
    const task = tasks[index]
    return task ? windows.heightOf(task) : 0
  }
  return (
    <ul className="cards" ref={list} aria-label={label} data-status={status} data-lane={lane}>
      {piecesOf(tasks.length, rows, [active, shown], heightOf).map((piece) => {
        if ('gap' in piece) {
          return (
            <li
              key={`gap ${piece.gap}`}
              className="cards-room"
              aria-hidden="true"
              style={{ blockSize: piece.height }}
            />
          )
        }
        const task = tasks[piece.card]
        // Where a card stands is said around it: it is not drawn anew when others come and go.
        return (
          task && (
            <li
              key={task.id}
              data-row={piece.card}
              aria-posinset={piece.card + 1}
              aria-setsize={tasks.length}
            >
              <Card
                task={task}
                step={task.step_run_id === null ? undefined : steps.get(task.step_run_id)}
                peeked={task.code === peeked}
                onOpen={open}
                onMove={move}
              />
            </li>
          )
        )
      })}
    </ul>
  )
})
