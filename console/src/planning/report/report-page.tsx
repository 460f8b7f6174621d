import { useQuery } from '@tanstack/react-query'
import { sprintTasksQuery } from '../../api/queries.ts'
import { getAll } from '../../api/request.ts'
import type { Project, Sprint, SprintReport, TaskArtifact } from '../../api/types.ts'
import { count } from '../../format/words.ts'
import { datesOf, OfSprint, SprintHead } from '../../project/of-sprint.tsx'
import { Link } from '../../routing/link.tsx'
import { paths } from '../../routing/paths.ts'
import { SprintActions } from '../../sprint/sprint-actions.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { isWeb } from '../../ui/produced.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { useLivePlan } from '../use-live-plan.ts'
import { reportAsMarkdown } from './markdown.ts'
import { ReportFigures } from './report-figures.tsx'
import '../../ui/rows.css'

/** What a sprint said and did, for reading, printing and copying. */
export function ReportPage({ slug, code }: { slug: string; code: string }) {
  return (
    <OfSprint slug={slug} code={code} title="Report">
      {(project, sprint) => <ReportView project={project} sprint={sprint} />}
    </OfSprint>
  )
}

function ReportView({ project, sprint }: { project: Project; sprint: Sprint }) {
  useLivePlan(project.id)
  const { report } = sprint
  return (
    <div className="page report">
      <SprintHead
        project={project}
        sprint={sprint}
        end={
          <>
            {report && (
              <>
                <CopyButton
                  text={() => reportAsMarkdown(sprint, report, datesOf(project, sprint))}
                  word="Copy as Markdown"
                />
                <button
                  type="button"
                  className="button button-small"
                  onClick={() => window.print()}
                >
                  Print
                </button>
              </>
            )}
            <SprintActions project={project} sprint={sprint} />
          </>
        }
      />
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
          <Link className="button" to={paths.board(project.slug, sprint.code)}>
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

function Artifacts({ sprint, project }: { sprint: Sprint; project: Project }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['sprints', sprint.id, 'artifacts'],
    queryFn: ({ signal }) => getAll<TaskArtifact>(`/sprints/${sprint.id}/artifacts`, {}, signal),
  })
  const cards = useQuery(sprintTasksQuery(sprint.id)).data
  if (error) return <ErrorState error={error} retry={refetch} />
  if (!data || data.length === 0) return null
  return (
    <section className="section" aria-labelledby="produced">
      <h2 id="produced">Produced</h2>
      <ul className="rows">
        {data.map(({ id, task_id, name, uri }) => {
          const code = cards?.find((card) => card.id === task_id)?.code
          return (
            <li key={id}>
              <span className="rows-main">
                {isWeb(uri) ? (
                  <a href={uri} rel="noreferrer">
                    {name}
                  </a>
                ) : (
                  name
                )}
              </span>
              {code && (
                <Link className="id" to={paths.card(project.slug, sprint.code, code)}>
                  {code}
                </Link>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
