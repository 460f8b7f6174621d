import { memo } from 'react'
import type { StepRun, Task } from '../api/types.ts'
import { count } from '../format/words.ts'
import { StatusMark } from '../ui/status-mark.tsx'
import { Card } from './card.tsx'
import type { Column as ColumnData } from './columns.ts'

interface ColumnProps {
  column: ColumnData
  steps: ReadonlyMap<number, StepRun>
  peeked: string | null
  onOpen: (code: string) => void
  onMove: ((task: Task, anchor: HTMLElement) => void) | undefined
}

export const Column = memo(function Column(props: ColumnProps) {
  const { column, steps, peeked, onOpen, onMove } = props
  const { status, name, tasks, points } = column
  const id = `column-${status}`
  return (
    <section className={`column column-${status}`} aria-labelledby={id}>
      <header className="column-head">
        <h2 id={id}>
          <StatusMark status={status} />
          {name}
          <span className="column-count numbers">
            {tasks.length}
            <span className="hidden"> {tasks.length === 1 ? 'card' : 'cards'}</span>
          </span>
        </h2>
        <span className="column-points numbers">{count(points, 'pt')}</span>
      </header>
      {tasks.length === 0 ? (
        <p className="column-empty">No cards</p>
      ) : (
        <ul className="cards">
          {tasks.map((task) => (
            <Card
              key={task.id}
              task={task}
              step={task.step_run_id === null ? undefined : steps.get(task.step_run_id)}
              peeked={task.code === peeked}
              onOpen={onOpen}
              onMove={onMove}
            />
          ))}
        </ul>
      )}
    </section>
  )
})
