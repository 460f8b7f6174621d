import { useQuery } from '@tanstack/react-query'
import type { Project, Sprint } from '../api/types.ts'
import { OfSprint, SprintHead } from '../project/of-sprint.tsx'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
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
  return (
    <OfSprint slug={slug} code={code} title="Charts">
      {(project, sprint) => (
        <div className="page">
          <SprintHead project={project} sprint={sprint} />
          <SprintCharts project={project} sprint={sprint} />
        </div>
      )}
    </OfSprint>
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
