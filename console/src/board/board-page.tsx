import { useQuery } from '@tanstack/react-query'
import { projectQuery, sprintQuery } from '../api/queries.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { useTitle } from '../ui/title.ts'
import { BoardSkeleton } from './board-skeleton.tsx'
import { BoardView } from './board-view.tsx'
import './board.css'
import './moving/drag.css'

/** Finds the project and the sprint that the address names. */
export function BoardPage({ slug, code }: { slug: string; code: string }) {
  const project = useQuery(projectQuery(slug))
  const projectId = project.data?.id
  const sprint = useQuery({
    ...sprintQuery(projectId ?? 0, code),
    enabled: projectId !== undefined,
  })
  useTitle(sprint.data?.name ?? code, project.data?.name ?? slug)

  if (project.data && sprint.data) {
    return <BoardView project={project.data} sprint={sprint.data} />
  }
  const failed = [project, sprint].find((it) => it.isError)
  if (failed) {
    return (
      <div className="page">
        <h1>{code}</h1>
        <ErrorState error={failed.error} retry={failed.refetch}>
          <Link to={paths.sprints()}>All sprints</Link>
        </ErrorState>
      </div>
    )
  }
  return (
    <div className="board-page">
      <div className="sprint-head">
        <h1 className="hidden">{code}</h1>
        <Skeleton lines={3} label="Loading the sprint" />
      </div>
      <BoardSkeleton />
    </div>
  )
}
