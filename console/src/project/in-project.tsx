import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { projectQuery } from '../api/queries.ts'
import type { Project } from '../api/types.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { Crumbs } from '../ui/crumbs.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { useTitle } from '../ui/title.ts'

interface InProjectProps {
  slug: string
  /** What this page of the project is called. */
  title: string
  intro?: ReactNode
  children: (project: Project) => ReactNode
}

/** A page of a project: where it lies, its title, and its content once the project is known. */
export function InProject({ slug, title, intro, children }: InProjectProps) {
  const { data: project, error, refetch } = useQuery(projectQuery(slug))
  useTitle(title, project?.name ?? slug)
  return (
    <div className="page">
      <header className="page-head">
        <Crumbs
          places={[
            { label: 'Projects', to: paths.projects() },
            { label: project?.name ?? slug, to: paths.project(slug) },
            { label: title },
          ]}
        />
        <h1>{title}</h1>
        {intro && <p>{intro}</p>}
      </header>
      {project && children(project)}
      {!project && error && (
        <ErrorState error={error} retry={refetch}>
          <Link to={paths.projects()}>All projects</Link>
        </ErrorState>
      )}
      {!project && !error && <Skeleton lines={8} label={`Loading ${title.toLowerCase()}`} />}
    </div>
  )
}
