import { useQuery } from '@tanstack/react-query'
import { specsQuery } from '../api/queries.ts'
import { timeAgo } from '../format/dates.ts'
import { useFew } from '../ui/few.tsx'
import { useNow } from '../ui/now.ts'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import '../ui/rows.css'

export function SpecList({ projectId }: { projectId: number }) {
  const now = useNow()
  const few = useFew(8)
  const { data, error, refetch } = useQuery(specsQuery(projectId))
  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : <Skeleton />
  const shown = data.filter((spec) => spec.status !== 'archived')
  if (shown.length === 0) {
    return (
      <EmptyState title="No spec yet">
        <p>
          A spec is a SpecKit folder. “Import a tasks.md” brings its tasks onto the board; a push to
          the repository does so by itself.
        </p>
      </EmptyState>
    )
  }
  return (
    <ul className="rows">
      {few.of(shown).map((spec) => (
        <li key={spec.id}>
          <div className="rows-main">
            {spec.name}
            <p className="rows-fine id">{spec.path}</p>
          </div>
          <span className="rows-fine">
            {spec.imported_at ? `imported ${timeAgo(spec.imported_at, now)}` : 'never imported'}
          </span>
        </li>
      ))}
      {few.more(shown.length)}
    </ul>
  )
}
