import { useQuery } from '@tanstack/react-query'
import { projectQuery, sprintQuery } from '../../api/queries.ts'
import { getAll } from '../../api/request.ts'
import type { Project, Sprint, SprintReport } from '../../api/types.ts'
import { formatRange } from '../../format/dates.ts'
import { count } from '../../format/words.ts'
import { Link } from '../../routing/link.tsx'
import { paths } from '../../routing/paths.ts'
import { SprintActions } from '../../sprint/sprint-actions.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Crumbs } from '../../ui/crumbs.tsx'
import { isWeb } from '../../ui/produced.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { StatusWord } from '../../ui/status-word.tsx'
import { useTitle } from '../../ui/title.ts'
import { useLivePlan } from '../use-live-plan.ts'
import { reportAsMarkdown } from './markdown.ts'
import { ReportFigures } from './report-figures.tsx'
import '../../ui/rows.css'

/** What a sprint said and did, for reading, printing and copying. */
export function ReportPage({ slug, code }: { slug: string; code: string }) {
  const project = useQuery(projectQuery(slug))
  const projectId = project.data?.id
  const sprint = useQuery({
    ...sprintQuery(projectId ?? 0, code),
    enabled: projectId !== undefined,
  })
  useTitle('Report', sprint.data?.name ?? code)
  if (project.data && sprint.data) {
    return <ReportView project={project.data} sprint={sprint.data} />
  }
  const failed = [project, sprint].find((it) => it.isError)
  return (
    <div className="page">
      <h1>{code}</h1>
      {failed ? (
        <ErrorState error={failed.error} retry={failed.refetch}>
          <Link to={paths.project(slug)}>The project</Link>
        </ErrorState>
      ) : (
        <Skeleton lines={8} label="Loading the report" />
      )}
    </div>
  )
}

function ReportView({ project, sprint }: { project: Project; sprint: Sprint }) {
  useLivePlan(project.id)
  const { report } = sprint
  const board = paths.board(project.slug, sprint.code)
  const dates = formatRange(
    sprint.started_at ?? sprint.start_date,
    sprint.completed_at ?? sprint.end_date,
    project.settings.time_zone,
  )
  return (
    <div className="page report">
      <header className="page-head">
        <Crumbs
          places={[
            { label: project.name, to: paths.project(project.slug) },
            { label: sprint.name, to: board },
            { label: 'Report' },
          ]}
        />
        <div className="page-line">
          <h1>{sprint.name}</h1>
          <StatusWord status={sprint.status} />
          <div className="page-end report-tools">
            {report && (
              <>
                <CopyButton
                  text={() => reportAsMarkdown(sprint, report, dates)}
                  word="Copy as Markdown"
                  look="plain"
                />
                <button type="button" className="button" onClick={() => window.print()}>
                  Print
                </button>
              </>
            )}
            <SprintActions project={project} sprint={sprint} />
          </div>
        </div>
        <p>{dates}</p>
        {sprint.goal && <p>{sprint.goal}</p>}
      </header>
      {report ? (
        <>
          <section className="section" aria-labelledby="figures">
            <h2 id="figures">Figures</h2>
            <ReportFigures report={report} />
          </section>
          <CarriedOver project={project} report={report} />
          <Artifacts sprint={sprint} project={project} />
        </>
      ) : (
        <EmptyState title="No report yet">
          <p>A report is made when the sprint ends. This one is {sprint.status}.</p>
          <Link className="button" to={board}>
            Open the board
          </Link>
        </EmptyState>
      )}
    </div>
  )
}

function CarriedOver({ project, report }: { project: Project; report: SprintReport }) {
  const { carried_over } = report
  if (carried_over.length === 0) return null
  return (
    <section className="section" aria-labelledby="carried">
      <h2 id="carried">{count(carried_over.length, 'card')} carried over</h2>
      <ul className="rows">
        {carried_over.map(({ task_id, code, title, to }) => (
          <li key={task_id}>
            <span className="rows-main">
              <span className="id">{code}</span> {title}
            </span>
            {to === 'backlog' ? (
              <Link to={paths.backlog(project.slug)}>the backlog</Link>
            ) : (
              <Link to={paths.card(project.slug, to, code)}>{to}</Link>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

interface Produced {
  id: number
  task_id: number
  name: string
  uri: string | null
}

function Artifacts({ sprint, project }: { sprint: Sprint; project: Project }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['sprints', sprint.id, 'artifacts'],
    queryFn: ({ signal }) => getAll<Produced>(`/sprints/${sprint.id}/artifacts`, {}, signal),
  })
  if (error) return <ErrorState error={error} retry={refetch} />
  if (!data || data.length === 0) return null
  return (
    <section className="section" aria-labelledby="produced">
      <h2 id="produced">Produced</h2>
      <ul className="rows">
        {data.map(({ id, name, uri }) => (
          <li key={id}>
            {isWeb(uri) ? (
              <a href={uri} rel="noreferrer">
                {name}
              </a>
            ) : (
              <Link to={paths.board(project.slug, sprint.code)}>{name}</Link>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
