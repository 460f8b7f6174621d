import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { projectQuery } from '../api/queries.ts'
import type { Project } from '../api/types.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import type { Place } from '../ui/crumbs.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { useTitle } from '../ui/title.ts'

/** Where pages of a project lie. */
export const placesOf = ({ slug, name }: Pick<Project, 'slug' | 'name'>): Place[] => [
  { label: 'Projects', to: paths.projects() },
  { label: name, to: paths.project(slug) },
]

interface OfProjectProps {
  slug: string
  /** What this page of the project is called; nothing, for its overview. */
  title?: string
  children: (project: Project) => ReactNode
}

/** A page once its project is known; until then, or where there is none, its title and why. */
export function OfProject({ slug, title, children }: OfProjectProps) {
  const { data: project, error, refetch } = useQuery(projectQuery(slug))
  useTitle(...(title ? [title] : []), project?.name ?? slug)
  if (project) return children(project)
  return (
    <div className="page">
      <h1>{title ?? slug}</h1>
      {error ? (
        <ErrorState error={error} retry={refetch}>
          <Link to={paths.projects()}>All projects</Link>
        </ErrorState>
      ) : (
        <Skeleton lines={8} label="Loading the project" />
      )}
    </div>
  )
}

interface InProjectProps extends OfProjectProps {
  title: string
  intro?: ReactNode
}

/** The same, where the page is its head and what is below. */
export function InProject({ intro, children, ...page }: InProjectProps) {
  const { title } = page
  return (
    <OfProject {...page}>
      {(project) => (
        <div className="page">
          <PageHead title={title} places={[...placesOf(project), { label: title }]}>
            {intro && <p>{intro}</p>}
          </PageHead>
          {children(project)}
        </div>
      )}
    </OfProject>
  )
}
