import { useState } from 'react'
import type { Project } from '../api/types.ts'
import { LazyPart } from './lazy-part.tsx'

const history = () => import('../history/history.tsx').then((it) => it.History)

/** What a card has been. */
export function PeekHistory({ project, taskId }: { project: Project; taskId: number }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="peek-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h3>History</h3>
      </summary>
      {isOpen && (
        <LazyPart
          key={taskId}
          name="history"
          load={history}
          props={{ project, of: { kind: 'task', id: taskId } }}
        />
      )}
    </details>
  )
}
