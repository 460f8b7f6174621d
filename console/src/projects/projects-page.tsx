import { useQueries } from '@tanstack/react-query'
import { projectsQuery, sprintsQuery } from '../api/queries.ts'
import type { Project, Sprint } from '../api/types.ts'
import { count } from '../format/words.ts'
import { NewProject } from '../project/new-project.tsx'
import { NoProjects } from '../project/no-projects.tsx'
import { Link } from '../routing/link.tsx'
import { changeQuery, useLocation, withParameter } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { inOrder, isClosed } from '../scrum/sprint-order.ts'
import { useMay } from '../session/session.ts'
import { useLiveSprints } from '../sprint/use-live-sprints.ts'
import { PageHead } from '../ui/page-head.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { useTitle } from '../ui/title.ts'
import './projects-page.css'

export function ProjectsPage() {
  useTitle('Projects')
  useLiveSprints()
  const mayPlan = useMay('plan')
  const { query } = useLocation()
  const creating = mayPlan && query.get('create') === 'project'
  return (
    <div className="page">
      <PageHead
        title="Projects"
        end={
          mayPlan && (
            <Link className="button button-main" to={paths.newProject()}>
              Create a project
            </Link>
          )
        }
      >
        <p>Each is a Git repository: its task files, its runs and its boards.</p>
      </PageHead>
      <Projects />
      {creating && <NewProject onClose={stopCreating} />}
    </div>
  )
}

const stopCreating = () => changeQuery((it) => withParameter(it, 'create', null), { replace: true })

function Projects() {
  const [projects, sprints] = useQueries({ queries: [projectsQuery, sprintsQuery()] })
  if (projects.isError && !projects.data) {
    return <ErrorState error={projects.error} retry={projects.refetch} />
  }
  if (!projects.data) return <Skeleton lines={6} label="Loading projects" />
  if (projects.data.length === 0) return <NoProjects />
  const byProject = Map.groupBy(sprints.data ?? [], (sprint) => sprint.project_id)
  return (
    <ul className="projects">
      {projects.data.map((project) => (
        <ProjectTile key={project.id} project={project} sprints={byProject.get(project.id) ?? []} />
      ))}
    </ul>
  )
}

function ProjectTile({ project, sprints }: { project: Project; sprints: Sprint[] }) {
  const open = inOrder(sprints).filter((sprint) => !isClosed(sprint))
  const closed = sprints.filter((sprint) => sprint.status === 'completed').length
  return (
    <li className="project">
      <div className="project-name">
        <h2>
          <Link to={paths.project(project.slug)}>{project.name}</Link>
        </h2>
        <p className="id">{project.repo_url ?? project.local_path ?? project.slug}</p>
      </div>
      {open.length > 0 ? (
        <ul className="project-sprints" aria-label={`Open sprints of ${project.name}`}>
          {open.slice(0, 4).map((sprint) => (
            <li key={sprint.id}>
              <StatusMark status={sprint.status} />
              <Link to={paths.board(project.slug, sprint.code)}>{sprint.name}</Link>
              <span className="project-fine">{sprint.status}</span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="project-fine">No open sprint</p>
      )}
      <p className="project-foot">
        {open.length > 4 && `${open.length - 4} more open, `}
        {count(closed, 'sprint')} completed
      </p>
    </li>
  )
}
