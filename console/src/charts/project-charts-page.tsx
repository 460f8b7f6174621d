import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Project } from '../api/types.ts'
import { InProject } from '../project/in-project.tsx'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { AgesChart } from './ages-chart.tsx'
import { WithSprintCodes } from './card-link.tsx'
import { NoChart } from './chart.tsx'
import { CycleTimesChart } from './cycle-times-chart.tsx'
import { FlowChart } from './flow-chart.tsx'
import { ForecastChart } from './forecast-chart.tsx'
import { projectFlowQuery, velocityChartQuery } from './queries.ts'
import { useLiveCharts } from './use-live-charts.ts'
import { VelocityChart } from './velocity-chart.tsx'

export function ProjectChartsPage({ slug }: { slug: string }) {
  return (
    <InProject slug={slug} title="Charts">
      {(project) => <ProjectCharts project={project} />}
    </InProject>
  )
}

function ProjectCharts({ project }: { project: Project }) {
  useLiveCharts(project.id)
  return (
    <WithSprintCodes projectId={project.id}>
      <div className="charts">
        <Velocity project={project} />
        <FlowOfProject project={project} />
        <ForecastChart of={{ projectId: project.id }} />
      </div>
    </WithSprintCodes>
  )
}

function Velocity({ project }: { project: Project }) {
  const [last, setLast] = useState(6)
  const { data, error, refetch } = useQuery(velocityChartQuery(project.id, last))
  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : <Skeleton lines={6} />
  if (data.sprints_counted === 0) {
    return (
      <NoChart wide title="Velocity">
        <p>No sprint has been completed yet: velocity needs one.</p>
        <p>
          Complete a sprint on its board, or{' '}
          <Link to={paths.project(project.slug)}>look at the sprints of the project</Link>.
        </p>
      </NoChart>
    )
  }
  return (
    <VelocityChart
      velocity={data}
      last={last}
      slug={project.slug}
      asked={
        <Choice label="Sprints" value={last} choices={[3, 6, 12, 100]} onChoose={setLast}>
          {(value) => `last ${value}`}
        </Choice>
      }
    />
  )
}

function FlowOfProject({ project }: { project: Project }) {
  const [days, setDays] = useState(30)
  const { data: flow, error, refetch } = useQuery(projectFlowQuery(project.id, days))
  if (!flow) return error ? <ErrorState error={error} retry={refetch} /> : <Skeleton lines={6} />
  if (flow.reason !== null) {
    return (
      <NoChart wide title="Flow">
        <p>
          The project has had no task yet: flow, cycle times and ages come from cards that move.
        </p>
        <p>
          <Link to={paths.project(project.slug)}>Go to the project</Link> to make a sprint and its
          first cards.
        </p>
      </NoChart>
    )
  }
  const shared = { flow, of: { projectId: project.id }, slug: project.slug }
  return (
    <>
      <FlowChart
        {...shared}
        query={{ days }}
        wide
        asked={
          <Choice label="Days" value={days} choices={[30, 90, 180, 366]} onChoose={setDays}>
            {(value) => `last ${value}`}
          </Choice>
        }
      />
      <CycleTimesChart {...shared} query={{ days }} />
      <AgesChart {...shared} />
    </>
  )
}

interface ChoiceProps {
  label: string
  value: number
  choices: readonly number[]
  onChoose: (value: number) => void
  children: (value: number) => ReactNode
}

function Choice({ label, value, choices, onChoose, children }: ChoiceProps) {
  return (
    <label className="chart-asked">
      {label}
      <select value={value} onChange={({ target }) => onChoose(Number(target.value))}>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {children(choice)}
          </option>
        ))}
      </select>
    </label>
  )
}
