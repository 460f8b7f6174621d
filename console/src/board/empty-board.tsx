import type { Project, Sprint } from '../api/types.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { isClosed } from '../scrum/sprint-order.ts'
import { EmptyState } from '../ui/states.tsx'

interface EmptyBoardProps {
  project: Project
  sprint: Sprint
  /** Absent for those who may not. */
  onCreate: (() => void) | undefined
}

/** A sprint without cards: how they get here. */
export function EmptyBoard({ project, sprint, onCreate }: EmptyBoardProps) {
  if (isClosed(sprint)) {
    return (
      <div className="board-state">
        <EmptyState title="No card stayed in this sprint">
          <p>It has ended; what was open moved on.</p>
          <p>
            <Link className="button" to={paths.report(project.slug, sprint.code)}>
              Its report
            </Link>
          </p>
        </EmptyState>
      </div>
    )
  }
  return (
    <div className="board-state">
      <EmptyState title="No cards in this sprint yet">
        {onCreate ? (
          <>
            <p>Plan what waits in the backlog, import a tasks.md there, or create a task here.</p>
            <p className="state-actions">
              <Link className="button button-main" to={paths.backlog(project.slug)}>
                Open the backlog
              </Link>
              <button type="button" className="button" onClick={onCreate}>
                Create a task
              </button>
            </p>
          </>
        ) : (
          <p>A member or an admin plans them in.</p>
        )}
      </EmptyState>
    </div>
  )
}
