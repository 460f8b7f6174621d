import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Problem } from '../api/problem.ts'
import { projectQuery, sprintsQuery, stepsQuery } from '../api/queries.ts'
import type { Project, ProtocolRun } from '../api/types.ts'
import { formatMoment } from '../format/dates.ts'
import { spent } from '../format/durations.ts'
import { count, spoken } from '../format/words.ts'
import { useEvents } from '../live/use-events.ts'
import { placesOf } from '../project/in-project.tsx'
import { Link } from '../routing/link.tsx'
import { navigate, useLocation } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { useNow } from '../ui/now.ts'
import { PageHead } from '../ui/page-head.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { StatusWord } from '../ui/status-word.tsx'
import { useTitle } from '../ui/title.ts'
import { RunProgress } from './run-progress.tsx'
import { runQuery, sumOf } from './run-queries.ts'
import { verbsOfRun } from './run-verbs.ts'
import { costOf } from './runs-page.tsx'
import { mostInGraph, StepGraph } from './step-graph.tsx'
import { StepPanel } from './step-panel.tsx'
import { StepTable } from './step-table.tsx'
import { VerbButtons } from './verb-buttons.tsx'
import '../ui/records.css'
import './run-page.css'

export function RunPage({ slug, id }: { slug: string; id: string }) {
  const known = /^[1-9]\d{0,15}$/.test(id)
  const project = useQuery(projectQuery(slug))
  const run = useQuery({ ...runQuery(Number(id)), enabled: known })
  useTitle(run.data?.protocol_name ?? 'Run', project.data?.name ?? slug)
  const foreign = run.data && project.data && run.data.project_id !== project.data.id
  const missing =
    !known || foreign
      ? new Problem(404, { detail: `There is no run ${id} in this project.` })
      : null
  const error = missing ?? project.error ?? run.error
  if (project.data && run.data && !missing) return <RunView project={project.data} run={run.data} />
  return (
    <div className="page">
      <h1>Run {id}</h1>
      {error ? (
        <ErrorState error={error} retry={() => [project.refetch(), known && run.refetch()]}>
          <Link to={paths.runs(slug)}>All runs</Link>
        </ErrorState>
      ) : (
        <Skeleton lines={8} label="Loading the run" />
      )}
    </div>
  )
}

function RunView({ project, run }: { project: Project; run: ProtocolRun }) {
  const client = useQueryClient()
  const { query } = useLocation()
  const { data: steps, error, refetch } = useQuery(stepsQuery(run.id))
  const isRunning = steps?.some(({ status }) => status === 'running') || run.status === 'running'
  const now = useNow(isRunning ? 1000 : 30_000)
  useEvents(
    { protocol_run_id: run.id, types: ['protocol', 'step', 'flow'] },
    {
      onOpen: () => void client.invalidateQueries({ queryKey: runQuery(run.id).queryKey }),
      onEvents: (events) => {
        // The steps' own key lies below that of the run.
        void client.invalidateQueries({ queryKey: runQuery(run.id).queryKey })
        for (const { entity_type, entity_id } of events) {
          if (entity_type === 'step')
            void client.invalidateQueries({ queryKey: ['steps', entity_id] })
        }
      },
    },
  )
  const wanted = query.get('step')
  const chosen = steps?.find(({ id }) => String(id) === wanted)
  const close = () => {
    navigate(paths.run(project.slug, run.id))
    requestAnimationFrame(() => document.getElementById(`step-${wanted}`)?.focus())
  }
  return (
    <div className="page run-page">
      <PageHead
        title={run.protocol_name}
        places={[
          ...placesOf(project),
          { label: 'Runs', to: paths.runs(project.slug) },
          { label: `#${run.id}` },
        ]}
        mark={<StatusWord status={run.status} />}
        end={
          <VerbButtons
            what={`run “${run.protocol_name}”`}
            group="Run"
            path={`/protocols/${run.id}`}
            verbs={verbsOfRun(run, steps ?? [])}
          />
        }
      >
        <Facts project={project} run={run} now={now} sum={steps && sumOf(steps)} />
      </PageHead>
      {!steps && (error ? <ErrorState error={error} retry={refetch} /> : <Skeleton lines={6} />)}
      {steps?.length === 0 && (
        <EmptyState title="This run has no steps">
          <p>A plan can still be put: PUT /protocols/{run.id}/steps.</p>
        </EmptyState>
      )}
      {steps && steps.length > 0 && (
        <div className={chosen ? 'run-halves' : 'run-whole'}>
          <section className="section" aria-labelledby="steps">
            <h2 id="steps">{count(steps.length, 'step')}</h2>
            {steps.length <= mostInGraph && (
              <StepGraph
                steps={steps}
                chosen={chosen?.id ?? null}
                to={(step) => paths.step(project.slug, run.id, step.id)}
              />
            )}
            <StepTable
              project={project}
              run={run}
              steps={steps}
              chosen={chosen?.id ?? null}
              now={now}
            />
          </section>
          {chosen && (
            <StepPanel key={chosen.id} run={run} step={chosen} now={now} onClose={close} />
          )}
        </div>
      )}
      {steps && wanted && !chosen && (
        <p className="notice" role="status">
          There is no step {wanted} in this run any more.
        </p>
      )}
    </div>
  )
}

interface FactsProps {
  project: Project
  run: ProtocolRun
  now: number
  sum: ReturnType<typeof sumOf> | undefined
}

function Facts({ project, run, now, sum }: FactsProps) {
  const sprints = useQuery(sprintsQuery(project.id)).data
  const sprint = sprints?.find(({ id }) => id === (run.linked_sprint_id ?? run.sprint_id))
  return (
    <>
      <ul className="run-facts">
        <li>{spoken(run.kind)}</li>
        {sprint && (
          <li>
            Sprint <Link to={paths.board(project.slug, sprint.code)}>{sprint.name}</Link>
          </li>
        )}
        {sum && (
          <li>
            <RunProgress {...sum} />
          </li>
        )}
        <li className="numbers">
          {run.started_at
            ? `Started ${formatMoment(run.started_at)}, ${run.finished_at ? 'took' : 'for'} ${spent(run.started_at, run.finished_at, now)}`
            : 'Not started'}
        </li>
        {costOf(sum) && <li>{costOf(sum)}</li>}
        {run.flow_job_id && (
          <li>
            <Link to={paths.flowRun(run.flow_job_id)}>Flow job</Link>
          </li>
        )}
      </ul>
      {run.execution && (
        <p className="run-execution" role="status">
          {run.execution === 'running'
            ? 'A flow is executing this run.'
            : 'The execution waits: it goes on by itself once a step may start.'}
        </p>
      )}
    </>
  )
}
