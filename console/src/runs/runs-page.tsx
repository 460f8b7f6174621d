import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useActions } from '../actions/actions.ts'
import { protocolsQuery, sprintsQuery } from '../api/queries.ts'
import type { Project, ProtocolProgress, ProtocolRun, Sprint } from '../api/types.ts'
import { formatMoment } from '../format/dates.ts'
import { spent } from '../format/durations.ts'
import { compact, count, dollars, spoken } from '../format/words.ts'
import { useEvents } from '../live/use-events.ts'
import { OfProject, placesOf } from '../project/in-project.tsx'
import { Link } from '../routing/link.tsx'
import { navigate, useLocation } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { useMay } from '../session/session.ts'
import { Choice, Filters } from '../ui/filters.tsx'
import { useNow } from '../ui/now.ts'
import { PageHead } from '../ui/page-head.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { StatusWord } from '../ui/status-word.tsx'
import { NewRunDialog } from './new-run-dialog.tsx'
import { RunProgress } from './run-progress.tsx'
import { progressQuery } from './run-queries.ts'
import '../ui/records.css'

export function RunsPage({ slug }: { slug: string }) {
  return (
    <OfProject slug={slug} title="Runs">
      {(project) => (
        <div className="page">
          <Runs project={project} />
        </div>
      )}
    </OfProject>
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
      <PageHead
        title="Protocol runs"
        places={[...placesOf(project), { label: 'Runs' }]}
        end={
          mayPlan && (
            <button type="button" className="button button-main" onClick={begin}>
              Create a run
            </button>
          )
        }
      />
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

/** Older ones wait for a click: all are drawn again each second while one runs. */
const atFirst = 100

function RunTable({ project, runs, progress, sprints }: RunTableProps) {
  const { query } = useLocation()
  const [all, setAll] = useState(false)
  const state = query.get('state') ?? ''
  const kind = query.get('kind') ?? ''
  const shown = runs
    .filter((run) =>
      state === 'open' ? !ended.includes(run.status) : state === '' || run.status === state,
    )
    .filter((run) => kind === '' || run.kind === kind)
    .toSorted((a, b) => b.id - a.id)
  const statuses = [state, ...runs.map((run) => run.status)].filter((it) => it && it !== 'open')
  const isRunning = shown.some(({ status }) => status === 'running')
  const now = useNow(isRunning ? 1000 : 30_000)
  const figures = new Map(progress.map((it) => [it.protocol_run_id, it]))
  const codes = new Map(sprints.map((sprint) => [sprint.id, sprint.code]))
  return (
    <>
      <Filters label="Filter runs" found={count(shown.length, 'run')}>
        <Choice
          label="State"
          name="state"
          options={[['', 'All'], ['open', 'Not ended'], ...wordsOf(statuses)]}
        />
        <Choice
          label="Kind"
          name="kind"
          options={[['', 'All'], ...wordsOf(runs.map((it) => it.kind))]}
        />
      </Filters>
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
            {(all ? shown : shown.slice(0, atFirst)).map((run) => {
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
                  <td data-label="Started" className="numbers">
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
      {!all && shown.length > atFirst && (
        <button type="button" className="button button-small" onClick={() => setAll(true)}>
          Show all {shown.length.toLocaleString('en')}
        </button>
      )}
    </>
  )
}

/** Each of these values once, with its word. */
const wordsOf = (values: readonly string[]) =>
  [...new Set(values)].map((value) => [value, spoken(value)] as const)

/** In dollars where agents say so, else in tokens. */
export function costOf(spentOn: { tokens: number | null; cost_usd: number | null } | undefined) {
  if (!spentOn) return ''
  if (spentOn.cost_usd !== null) return dollars(spentOn.cost_usd)
  return spentOn.tokens === null ? '' : `${compact(spentOn.tokens)} tokens`
}
