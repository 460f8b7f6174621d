import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { useMay } from '../session/session.ts'
import { EmptyState } from '../ui/states.tsx'

/** The very first thing to do. */
export function NoProjects() {
  const mayPlan = useMay('plan')
  return (
    <EmptyState title="No project yet">
      <p>A project is a Git repository: its task files become cards, its runs become sprints.</p>
      {mayPlan ? (
        <>
          <p>
            <Link className="button button-main" to={paths.newProject()}>
              Create a project
            </Link>
          </p>
          <p>
            To look around first, start the server again: without a project it brings up a sample.
          </p>
        </>
      ) : (
        <p>A member or an admin creates the first one.</p>
      )}
    </EmptyState>
  )
}
