import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { projectQuery } from '../api/queries.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { createSelection, SelectionContext } from '../scrum/selection.ts'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { useTitle } from '../ui/title.ts'
import { BacklogView } from './backlog-view.tsx'
import './planning.css'

/** Backlog and open sprints of a project side by side. */
export function BacklogPage({ slug }: { slug: string }) {
  const { data: project, error, refetch } = useQuery(projectQuery(slug))
  const [selection] = useState(createSelection)
  useTitle('Backlog', project?.name ?? slug)
  if (project) {
    return (
      <SelectionContext value={selection}>
        <BacklogView project={project} selection={selection} />
      </SelectionContext>
    )
  }
  return (
    <div className="page">
      <h1>Backlog</h1>
      {error ? (
        <ErrorState error={error} retry={refetch}>
          <Link to={paths.projects()}>All projects</Link>
        </ErrorState>
      ) : (
        <Skeleton lines={8} label="Loading the backlog" />
      )}
    </div>
  )
}
