import { useQueries } from '@tanstack/react-query'
import { protocolsQuery, sprintsQuery } from '../api/queries.ts'
import type { Project } from '../api/types.ts'
import { timeAgo } from '../format/dates.ts'
import { spoken } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { useFew } from '../ui/few.tsx'
import { useNow } from '../ui/now.ts'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { StatusWord } from '../ui/status-word.tsx'
import '../ui/rows.css'

export function RunList({ project }: { project: Project }) {
  const now = useNow()
  const few = useFew(8)
  const [runs, sprints] = useQueries({
    queries: [protocolsQuery(project.id), sprintsQuery(project.id)],
  })
  if (!runs.data) {
    return runs.error ? <ErrorState error={runs.error} retry={runs.refetch} /> : <Skeleton />
  }
  if (runs.data.length === 0) return <NoRuns slug={project.slug} />
  const codes = new Map(sprints.data?.map((sprint) => [sprint.id, sprint.code]))
  return (
    <ul className="rows">
      {few.of(runs.data.toSorted((a, b) => b.id - a.id)).map((run) => {
        const sprint = codes.get(run.linked_sprint_id ?? run.sprint_id ?? 0)
        return (
          <li key={run.id}>
            <div className="rows-main">
              <Link to={paths.run(project.slug, run.id)}>{run.protocol_name}</Link>
              <p className="rows-fine">
                <span className="id">#{run.id}</span> {spoken(run.kind)} ·{' '}
                {timeAgo(run.created_at, now)}
              </p>
            </div>
            {sprint && (
              <Link className="id" to={paths.board(project.slug, sprint)}>
                {sprint}
              </Link>
            )}
            <StatusWord status={run.status} />
          </li>
        )
      })}
      {few.more(runs.data.length)}
    </ul>
  )
}

function NoRuns({ slug }: { slug: string }) {
  return (
    <EmptyState title="No run yet">
      <p>A run executes a plan step by step; its sprint is made by itself.</p>
      <p>
        <Link className="button" to={paths.runs(slug)}>
          Runs of this project
        </Link>
      </p>
    </EmptyState>
  )
}
