import { useQueries } from '@tanstack/react-query'
import { protocolsQuery, sprintsQuery } from '../api/queries.ts'
import type { Project } from '../api/types.ts'
import { timeAgo } from '../format/dates.ts'
import { spoken } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { CommandLine } from '../ui/command-line.tsx'
import { useNow } from '../ui/now.ts'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { StatusWord } from '../ui/status-word.tsx'

export function RunList({ project }: { project: Project }) {
  const now = useNow()
  const [runs, sprints] = useQueries({
    queries: [protocolsQuery(project.id), sprintsQuery(project.id)],
  })
  if (!runs.data) {
    return runs.error ? <ErrorState error={runs.error} retry={runs.refetch} /> : <Skeleton />
  }
  if (runs.data.length === 0) return <NoRuns projectId={project.id} />
  const codes = new Map(sprints.data?.map((sprint) => [sprint.id, sprint.code]))
  return (
    <ul className="rows">
      {runs.data
        .toSorted((a, b) => b.id - a.id)
        .map((run) => {
          const sprint = codes.get(run.linked_sprint_id ?? run.sprint_id ?? 0)
          return (
            <li key={run.id}>
              <div className="rows-main">
                {run.protocol_name}
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
    </ul>
  )
}

function NoRuns({ projectId }: { projectId: number }) {
  const steps = JSON.stringify([
    { step_name: 'plan' },
    { step_name: 'build', depends_on: ['plan'] },
  ])
  return (
    <EmptyState title="No run yet">
      <p>Create one from a plan and its steps; its sprint is made by itself:</p>
      <CommandLine
        command={`devgodzilla call protocol.create project_id=${projectId} protocol_name="first run" steps='${steps}'`}
      />
    </EmptyState>
  )
}
