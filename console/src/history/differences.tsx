import { useQuery } from '@tanstack/react-query'
import { readTasks, sprintsQuery } from '../api/queries.ts'
import type { FieldDifference, Project } from '../api/types.ts'
import { capital } from '../format/words.ts'
import { Changed } from '../ui/changed.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { diffQuery, type Revised } from './queries.ts'
import { fieldName, isAside, type Names, valueText } from './words.ts'

interface DifferencesProps {
  project: Project
  of: Revised
  from: number
  to: number
  /** Said where they are alike. */
  alike: string
}

/** Field by field, what became of a task or a sprint from one revision to another. */
export function Differences({ project, of, from, to, alike }: DifferencesProps) {
  const { data, error, refetch } = useQuery(diffQuery(of, from, to))
  const known = useNames(project, data?.fields)
  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : <Skeleton lines={2} />
  const shown = data.fields.filter(({ field }) => !isAside(field))
  if (shown.length === 0) return <p className="revision-alike">{alike}</p>
  return (
    <dl className="differences">
      {shown.map(({ field, from: was, to: is }) => (
        <div key={field}>
          <dt>{capital(fieldName(field))}</dt>
          <dd>
            <Changed from={valueText(field, was, known)} to={valueText(field, is, known)} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Names of the project's sprints, and of the tasks that these differences speak of. */
export function useNames(project: Project, differences: readonly FieldDifference[] = []): Names {
  const { data: sprints } = useQuery(sprintsQuery(project.id))
  const ids = differences.flatMap(({ field, from, to }) =>
    field === 'depends_on' ? [...dependenciesIn(from), ...dependenciesIn(to)] : [],
  )
  const some = [...new Set(ids)].slice(0, 200)
  const { data: tasks } = useQuery({
    queryKey: ['tasks', 'some', some],
    queryFn: () => readTasks(some),
    enabled: some.length > 0,
  })
  return {
    sprint: (id) => sprints?.find((it) => it.id === id)?.name,
    task: (id) => tasks?.find((it) => it.id === id)?.code,
    timeZone: project.settings.time_zone,
  }
}

const dependenciesIn = (value: FieldDifference['from']): number[] =>
  Array.isArray(value) ? (value as { depends_on_id: number }[]).map((it) => it.depends_on_id) : []
