import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { EmptyState } from './states.tsx'
import { useTitle } from './title.ts'

export function NotFoundPage({ path }: { path: string }) {
  useTitle('Not found')
  return (
    <div className="page">
      <h1>No such page</h1>
      <EmptyState title={`There is nothing at ${path}`}>
        <p>The address may be mistyped, or the thing it named is gone.</p>
        <Link className="button" to={paths.projects()}>
          All projects
        </Link>
      </EmptyState>
    </div>
  )
}
