import { memo } from 'react'
import type { Column as ColumnData } from '../scrum/columns.ts'
import { CardList } from './card-list.tsx'
import { ColumnHead } from './column-head.tsx'

interface ColumnProps {
  column: ColumnData
  wip: number
  limit: number | undefined
}

/** A column of a board without lanes; it scrolls by itself. */
export const Column = memo(function Column({ column, wip, limit }: ColumnProps) {
  const { status, name, tasks, points } = column
  const id = `column-${status}`
  return (
    <section className={`column column-${status}`} aria-labelledby={id}>
      <ColumnHead
        id={id}
        status={status}
        name={name}
        cards={tasks.length}
        points={points}
        wip={wip}
        limit={limit}
      />
      <div className="column-cards" data-scroller>
        {tasks.length === 0 && <p className="column-empty">No cards</p>}
        <CardList tasks={tasks} status={status} lane="" label={name} />
      </div>
    </section>
  )
})
