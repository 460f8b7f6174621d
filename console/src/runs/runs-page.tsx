import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useActions } from '../actions/actions.ts'
import { projectQuery, protocolsQuery, sprintsQuery } from '../api/queries.ts'
import type { Project, ProtocolProgress, ProtocolRun, Sprint } from '../api/types.ts'
import { formatMoment } from '../format/dates.ts'
import { spent } from '../format/durations.ts'
import { compact, count, dollars, spoken } from '../format/words.ts'
import { useEvents } from '../live/use-events.ts'
import { Link } from '../routing/link.tsx'
import { navigate, useLocation } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { useMay } from '../session/session.ts'
import { Crumbs } from '../ui/crumbs.tsx'
import { useNow } from '../ui/now.ts'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { StatusWord } from '../ui/status-word.tsx'
import { useTitle } from '../ui/title.ts'
import { NewRunDialog } from './new-run-dialog.tsx'
import { RunProgress } from './run-progress.tsx'
import { progressQuery } from './run-queries.ts'
import '../ui/records.css'

export function RunsPage({ slug }: { slug: string }) {
  const { data: project, error, refetch } = useQuery(projectQuery(slug))
  useTitle('Runs', project?.name ?? slug)
  return (
    <div className="page">
      {project ? (
        <Runs project={project} />
      ) : (
        <>
          <h1>Runs</h1>
          {error ? (
            <ErrorState error={error} retry={refetch}>
              <Link to={paths.projects()}>All projects</Link>
            </ErrorState>
          ) : (
            <Skeleton lines={8} label="Loading runs" />
          )}
        </>
      )}
    </div>
  )
}

const ended = ['completed', 'cancelled']

function Runs({ project }: { project: Project }) {
  const client = useQueryClient()
  const [creating, setCreating] = useState(false)
  const mayPlan = useMay('plan')
  const [runs, progress, sprints] = useQueries({
    queries: [protocolsQuery(project.id), progressQuery(project.id), sprintsQuery(project.id)],
  })
  useEvents(
    { project_id: project.id, types: ['protocol', 'step', 'sprint'] },
    {
      onOpen: () => void client.invalidateQueries({ queryKey: ['protocols'] }),
      onEvents: (events) => {
        const again = (queryKey: readonly unknown[]) => void client.invalidateQueries({ queryKey })
        if (events.some(({ type }) => !type.startsWith('sprint.'))) {
          again(protocolsQuery(project.id).queryKey)
          again(progressQuery(project.id).queryKey)
        } else again(sprintsQuery(project.id).queryKey)
      },
    },
  )
  const begin = () => setCreating(true)
  useActions(
    mayPlan
      ? [{ id: 'runs.new', title: 'Create a protocol run', group: 'Runs', keys: ['C'], run: begin }]
      : [],
  )
  return (
    <>
      <header className="page-head">
        <Crumbs
          places={[
            { label: 'Projects', to: paths.projects() },
            { label: project.name, to: paths.project(project.slug) },
            { label: 'Runs' },
          ]}
        />
        <div className="page-line">
          <h1>Protocol runs</h1>
          <div className="page-end">
            <Link to={paths.flowRuns()}>Flow runs</Link>
            {mayPlan && (
              <button type="button" className="button button-main" onClick={begin}>
                New run
              </button>
            )}
          </div>
        </div>
      </header>
      {!runs.data &&
        (runs.error ? (
          <ErrorState error={runs.error} retry={runs.refetch} />
        ) : (
          <Skeleton lines={8} label="Loading runs" />
        ))}
      {runs.data?.length === 0 && (
        <EmptyState title="No run yet">
          <p>A run executes a plan: its steps become cards of a sprint, and agents do them.</p>
          {mayPlan && (
            <button type="button" className="button" onClick={begin}>
              Create the first run
            </button>
          )}
        </EmptyState>
      )}
      {runs.data && runs.data.length > 0 && (
        <RunTable
          project={project}
          runs={runs.data}
          progress={progress.data ?? []}
          sprints={sprints.data ?? []}
        />
      )}
      {creating && (
        <NewRunDialog
          project={project}
          onClose={() => setCreating(false)}
          onMade={(run) => {
            void client.invalidateQueries({ queryKey: protocolsQuery(project.id).queryKey })
            navigate(paths.run(project.slug, run.id))
          }}
        />
      )}
    </>
  )
}

interface RunTableProps {
  project: Project
  runs: readonly ProtocolRun[]
  progress: readonly ProtocolProgress[]
  sprints: readonly Sprint[]
}

function RunTable({ project, runs, progress, sprints }: RunTableProps) {
  const { query } = useLocation()
  const state = query.get('state') ?? ''
  const kind = query.get('kind') ?? ''
  const shown = runs
    .filter((run) =>
      state === 'open' ? !ended.includes(run.status) : state === '' || run.status === state,
    )
    .filter((run) => kind === '' || run.kind === kind)
    .toSorted((a, b) => b.id - a.id)
  const isRunning = shown.some(({ status }) => status === 'running')
  const now = useNow(isRunning ? 1000 : 30_000)
  const figures = new Map(progress.map((it) => [it.protocol_run_id, it]))
  const codes = new Map(sprints.map((sprint) => [sprint.id, sprint.code]))
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(query)
    if (value) next.set(name, value)
    else next.delete(name)
    navigate(`${paths.runs(project.slug)}${next.size > 0 ? `?${next}` : ''}`, { replace: true })
  }
  return (
    <>
      <search className="filters" aria-label="Filter runs">
        <label>
          State
          <select value={state} onChange={(event) => set('state', event.target.value)}>
            <option value="">All</option>
            <option value="open">Not ended</option>
            {[...new Set(runs.map(({ status }) => status))].map((it) => (
              <option key={it} value={it}>
                {spoken(it)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Kind
          <select value={kind} onChange={(event) => set('kind', event.target.value)}>
            <option value="">All</option>
            {[...new Set(runs.map((run) => run.kind))].map((it) => (
              <option key={it} value={it}>
                {spoken(it)}
              </option>
            ))}
          </select>
        </label>
        <p role="status">{count(shown.length, 'run')}</p>
      </search>
      {shown.length === 0 ? (
        <EmptyState title="No run fits">
          <button
            type="button"
            className="button"
            onClick={() => navigate(paths.runs(project.slug), { replace: true })}
          >
            Show all runs
          </button>
        </EmptyState>
      ) : (
        <table className="records" aria-label="Protocol runs, newest first">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">State</th>
              <th scope="col">Progress</th>
              <th scope="col">Sprint</th>
              <th scope="col">Agent</th>
              <th scope="col">Started</th>
              <th scope="col" className="num">
                Took
              </th>
              <th scope="col" className="num">
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((run) => {
              const figure = figures.get(run.id)
              const sprint = codes.get(run.linked_sprint_id ?? run.sprint_id ?? 0)
              return (
                <tr key={run.id}>
                  <td className="records-main">
                    <Link to={paths.run(project.slug, run.id)}>{run.protocol_name}</Link>
                    <p className="records-fine">
                      <span className="id">#{run.id}</span> {spoken(run.kind)}
                    </p>
                  </td>
                  <td data-label="State">
                    <StatusWord status={run.status} />
                  </td>
                  <td data-label="Progress">
                    {(figure || run.status !== 'cancelled') && (
                      <RunProgress done={figure?.done ?? 0} steps={figure?.steps ?? 0} />
                    )}
                  </td>
                  <td data-label="Sprint">
                    {sprint && (
                      <Link className="id" to={paths.board(project.slug, sprint)}>
                        {sprint}
                      </Link>
                    )}
                  </td>
                  <td data-label="Agent">{figure?.agents.join(', ')}</td>
                  <td data-label="Started">
                    {run.started_at ? formatMoment(run.started_at) : 'not yet'}
                  </td>
                  <td className="num" data-label="Took">
                    {spent(run.started_at, run.finished_at, now)}
                  </td>
                  <td className="num" data-label="Cost">
                    {costOf(figure)}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
    </>
  )
}

/** In dollars where agents say so, else in tokens. */
export function costOf(spentOn: { tokens: number | null; cost_usd: number | null } | undefined) {
  if (!spentOn) return ''
  if (spentOn.cost_usd !== null) return dollars(spentOn.cost_usd)
  return spentOn.tokens === null ? '' : `${compact(spentOn.tokens)} tokens`
}
