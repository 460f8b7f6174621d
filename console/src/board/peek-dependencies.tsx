import { useQueries, useQuery } from '@tanstack/react-query'
import { dependenciesQuery, taskQuery } from '../api/queries.ts'
import type { Task, TaskDependency } from '../api/types.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { ErrorState } from '../ui/states.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { columnNames } from './columns.ts'
import { shortId } from './short-id.ts'

interface PeekDependenciesProps {
  task: Task
  tasks: readonly Task[]
  slug: string
  sprintCode: string
}

export function PeekDependencies({ task, tasks, slug, sprintCode }: PeekDependenciesProps) {
  const { data, error, refetch } = useQuery(dependenciesQuery(task.id))
  const here = new Map(tasks.map((it) => [it.id, it]))
  const ids = data
    ? [...data.depends_on.map((it) => it.depends_on_id), ...data.needed_by.map((it) => it.task_id)]
    : []
  const elsewhere = useQueries({
    queries: ids.filter((id) => !here.has(id)).map((id) => taskQuery(id)),
  })
  for (const { data: other } of elsewhere) if (other) here.set(other.id, other)

  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : null
  const list = (title: string, edges: TaskDependency[], end: 'task_id' | 'depends_on_id') =>
    edges.length > 0 && (
      <section aria-label={title}>
        <h3>{title}</h3>
        <ul className="peek-links">
          {edges.map((edge) => {
            const other = here.get(edge[end])
            return (
              <li key={edge[end]}>
                {other ? (
                  <Other
                    other={other}
                    to={
                      other.sprint_id === task.sprint_id
                        ? paths.card(slug, sprintCode, other.code)
                        : undefined
                    }
                  />
                ) : (
                  <span className="id">…</span>
                )}
                {edge.kind === 'suggested' && <span className="peek-fine">suggested</span>}
              </li>
            )
          })}
        </ul>
      </section>
    )
  return (
    <>
      {list('Depends on', data.depends_on, 'depends_on_id')}
      {list('Needed by', data.needed_by, 'task_id')}
    </>
  )
}

function Other({ other, to }: { other: Task; to: string | undefined }) {
  const words = (
    <>
      <span className="id">{shortId(other)}</span> {other.title}
    </>
  )
  return (
    <>
      <StatusMark status={other.board_status} />
      <span className="hidden">{columnNames[other.board_status]}: </span>
      {to ? <Link to={to}>{words}</Link> : <span>{words}</span>}
    </>
  )
}
