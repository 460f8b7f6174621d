import { useQuery } from '@tanstack/react-query'
import { sprintsQuery } from '../api/queries.ts'
import type { Project, Session, Task } from '../api/types.ts'
import { shortened } from '../format/shortened.ts'
import { Link } from '../routing/link.tsx'
import { useLocation, withParameter } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'

/** Of a title, in characters: the whole of it is on the card. */
export const mostOfTitle = 160

/** A card, which opens beside the page, whatever that is filtered by. */
export function TaskLink({ code, onClick }: { code: string; onClick?: () => void }) {
  const { path, query } = useLocation()
  return (
    <Link className="id" to={`${path}?${withParameter(query, 'task', code)}`} onClick={onClick}>
      {code}
    </Link>
  )
}

/** A sprint, by its id. */
export function SprintLink({ project, id }: { project: Project; id: number }) {
  const { data: sprints } = useQuery(sprintsQuery(project.id))
  const sprint = sprints?.find((it) => it.id === id)
  if (!sprint) return null
  return <Link to={paths.board(project.slug, sprint.code)}>{sprint.name}</Link>
}

interface SubjectProps {
  project: Project
  session: Pick<Session, 'entity_type' | 'entity_id'>
  task: Pick<Task, 'code' | 'title'> | undefined
}

/** What a session works on. */
export function Subject({ project, session, task }: SubjectProps) {
  if (session.entity_type === 'sprint') {
    return <SprintLink project={project} id={session.entity_id} />
  }
  if (!task) return 'a task that is gone'
  return (
    <>
      <TaskLink code={task.code} /> {shortened(task.title, mostOfTitle)}
    </>
  )
}
