import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { projectQuery, sprintQuery } from '../api/queries.ts'
import type { Project, Sprint } from '../api/types.ts'
import { formatRange } from '../format/dates.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { PageHead } from '../ui/page-head.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { StatusWord } from '../ui/status-word.tsx'
import { useTitle } from '../ui/title.ts'
import { placesOf } from './in-project.tsx'

interface OfSprintProps {
  slug: string
  code: string
  /** What this page of the sprint is called; nothing, for its board. */
  title?: string
  /** Shown until it is there. */
  waiting?: ReactNode
  children: (project: Project, sprint: Sprint) => ReactNode
}

/** A page once project and sprint of the address are known; else why they are not. */
export function OfSprint({ slug, code, title, waiting, children }: OfSprintProps) {
  const project = useQuery(projectQuery(slug))
  const projectId = project.data?.id
  const sprint = useQuery({
    ...sprintQuery(projectId ?? 0, code),
    enabled: projectId !== undefined,
  })
  useTitle(...(title ? [title] : []), sprint.data?.name ?? code, project.data?.name ?? slug)
  if (project.data && sprint.data) return children(project.data, sprint.data)
  const failed = [project, sprint].find((it) => it.isError)
  if (!failed && waiting) return waiting
  return (
    <div className="page">
      <h1>{code}</h1>
      {failed ? (
        <ErrorState error={failed.error} retry={failed.refetch}>
          <Link to={paths.sprints()}>All sprints</Link>
        </ErrorState>
      ) : (
        <Skeleton lines={8} label="Loading the sprint" />
      )}
    </div>
  )
}

interface SprintHeadProps {
  project: Project
  sprint: Sprint
  end?: ReactNode
}

/** The beginning of a sprint's pages beside its board: the tabs tell them apart. */
export function SprintHead({ project, sprint, end }: SprintHeadProps) {
  return (
    <PageHead
      title={sprint.name}
      places={[...placesOf(project), { label: sprint.code }]}
      mark={<StatusWord status={sprint.status} />}
      end={end}
    >
      <p>{datesOf(project, sprint)}</p>
      {sprint.goal && <p>{sprint.goal}</p>}
    </PageHead>
  )
}

/** When it was worked on, as far as that is known, else when it is to be. */
export const datesOf = ({ settings }: Project, sprint: Sprint): string =>
  formatRange(
    sprint.started_at ?? sprint.start_date,
    sprint.completed_at ?? sprint.end_date,
    settings.time_zone,
  )
