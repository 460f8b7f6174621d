import { useQuery } from '@tanstack/react-query'
import { projectQuery, sprintQuery } from '../api/queries.ts'
import type { Project, Sprint } from '../api/types.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { Crumbs } from '../ui/crumbs.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { useTitle } from '../ui/title.ts'
import { AgesChart } from './ages-chart.tsx'
import { BurndownChart } from './burndown-chart.tsx'
import { BurnupChart } from './burnup-chart.tsx'
import { WithSprintCodes } from './card-link.tsx'
import { CycleTimesChart } from './cycle-times-chart.tsx'
import { FlowChart } from './flow-chart.tsx'
import { ForecastChart } from './forecast-chart.tsx'
import { burndownQuery, burnupQuery, sprintFlowQuery } from './queries.ts'
import { useLiveCharts } from './use-live-charts.ts'

export function SprintChartsPage({ slug, code }: { slug: string; code: string }) {
  const project = useQuery(projectQuery(slug))
  const projectId = project.data?.id
  const sprint = useQuery({
    ...sprintQuery(projectId ?? 0, code),
    enabled: projectId !== undefined,
  })
  useTitle('Charts', sprint.data?.name ?? code, project.data?.name ?? slug)
  const failed = [project, sprint].find((it) => it.isError)
  return (
    <div className="page">
      {project.data && sprint.data ? (
        <SprintCharts project={project.data} sprint={sprint.data} />
      ) : (
        <>
          <h1>Charts of {code}</h1>
          {failed ? (
            <ErrorState error={failed.error} retry={failed.refetch}>
              <Link to={paths.sprints()}>All sprints</Link>
            </ErrorState>
          ) : (
            <Skeleton lines={8} label="Loading the charts" />
          )}
        </>
      )}
    </div>
  )
}

function SprintCharts({ project, sprint }: { project: Project; sprint: Sprint }) {
  useLiveCharts(project.id)
  const burndown = useQuery(burndownQuery(sprint.id))
  const burnup = useQuery(burnupQuery(sprint.id))
  const flow = useQuery(sprintFlowQuery(sprint.id))
  const of = { sprintId: sprint.id }
  const failed = [burndown, burnup, flow].find((it) => it.isError && !it.data)
  return (
    <>
      <header className="page-head">
        <Crumbs
          places={[
            { label: 'Projects', to: paths.projects() },
            { label: project.name, to: paths.project(project.slug) },
            { label: sprint.code, to: paths.board(project.slug, sprint.code) },
            { label: 'Charts' },
          ]}
        />
        <div className="page-line">
          <h1>Charts of {sprint.name}</h1>
          <div className="page-end">
            <Link to={paths.board(project.slug, sprint.code)}>Board</Link>
            <Link to={paths.projectCharts(project.slug)}>Charts of the project</Link>
          </div>
        </div>
      </header>
      {failed && <ErrorState error={failed.error} retry={failed.refetch} />}
      {burndown.data?.reason != null && (
        <EmptyState title="Nothing has been drawn yet">
          <p>
            {sprint.status === 'planning'
              ? 'The sprint has not started: burndown, burnup and flow begin with its start.'
              : 'The sprint ended without having been started, so there is nothing to draw.'}
          </p>
          <p className="state-actions">
            <Link className="button" to={paths.board(project.slug, sprint.code)}>
              {sprint.status === 'planning' ? 'Go to the board to start it' : 'Go to the board'}
            </Link>
          </p>
        </EmptyState>
      )}
      <WithSprintCodes projectId={project.id}>
        <div className="charts">
          {!burndown.data && !failed && <Skeleton lines={6} label="Loading the burndown" />}
          {burndown.data?.reason === null && (
            <BurndownChart chart={burndown.data} slug={project.slug} />
          )}
          {burnup.data?.reason === null && <BurnupChart chart={burnup.data} />}
          {flow.data?.reason === null && (
            <>
              <FlowChart flow={flow.data} of={of} />
              <CycleTimesChart flow={flow.data} of={of} slug={project.slug} />
              <AgesChart flow={flow.data} of={of} slug={project.slug} />
            </>
          )}
          <ForecastChart of={of} />
        </div>
      </WithSprintCodes>
    </>
  )
}
