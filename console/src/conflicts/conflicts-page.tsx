import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Conflict, Project } from '../api/types.ts'
import { Ask } from '../form/ask.tsx'
import { count } from '../format/words.ts'
import { InProject } from '../project/in-project.tsx'
import { useLocation } from '../routing/location.ts'
import { useMay } from '../session/session.ts'
import { Choice, Filters } from '../ui/filters.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { ConflictRow } from './conflict-row.tsx'
import { type ConflictState, conflictsQuery, useLiveConflicts } from './open-conflicts.ts'
import { useFocusAfterLoss } from './use-focus-after-loss.ts'
import { useResolve } from './use-resolve.ts'
import './conflicts.css'

export function ConflictsPage({ slug }: { slug: string }) {
  return (
    <InProject
      slug={slug}
      title="Conflicts"
      intro="Where a card and its step or its file say different things, both sides are kept until somebody decides."
    >
      {(project) => <Conflicts project={project} />}
    </InProject>
  )
}

const states: Record<ConflictState, string> = { open: 'Open', resolved: 'Resolved', all: 'All' }
const sources = [
  ['', 'Steps and files'],
  ['protocol', 'Steps'],
  ['spec', 'Files'],
] as const

function Conflicts({ project }: { project: Project }) {
  const { query } = useLocation()
  const asked = query.get('state') ?? ''
  const state: ConflictState = asked in states ? (asked as ConflictState) : 'open'
  const source = query.get('source')
  const { data, error, refetch } = useQuery(conflictsQuery(project.id, state))
  useLiveConflicts(project.id)
  const shown = data
    ?.filter((it) => source === null || it.source === source)
    .toSorted((a, b) => b.id - a.id)
  return (
    <>
      <Filters label="Filter conflicts" found={shown && count(shown.length, 'conflict')}>
        <Choice label="State" name="state" options={Object.entries(states)} />
        <Choice label="Between the board and" name="source" options={sources} />
      </Filters>
      {!shown && error && <ErrorState error={error} retry={refetch} />}
      {!shown && !error && <Skeleton lines={6} label="Loading conflicts" />}
      {shown && <ConflictList project={project} conflicts={shown} state={state} />}
    </>
  )
}

interface ConflictListProps {
  project: Project
  conflicts: Conflict[]
  state: ConflictState
}

function ConflictList({ project, conflicts, state }: ConflictListProps) {
  const [mayPlan, mayAll] = [useMay('plan'), useMay('admin')]
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set())
  const { resolve, send, settle, busy, refusals, closed, setClosed } = useResolve(project, mayAll)
  const list = useFocusAfterLoss()
  const mine = (it: Conflict) =>
    it.resolved_at === null && (it.source === 'protocol' ? mayAll : mayPlan)
  const decidable = conflicts.filter(mine)
  const selected = decidable.filter((it) => picked.has(it.id)).map((it) => it.id)

  if (conflicts.length === 0) return <NoConflicts state={state} />
  const pick = (id: number, on: boolean) => {
    const next = new Set(picked)
    if (on) next.add(id)
    else next.delete(id)
    setPicked(next)
  }
  return (
    <>
      {decidable.length > 1 && (
        <fieldset className="conflict-many">
          <legend className="hidden">Several at once</legend>
          <label>
            <input
              type="checkbox"
              checked={selected.length === decidable.length}
              onChange={(event) =>
                setPicked(new Set(event.target.checked ? decidable.map((it) => it.id) : []))
              }
            />
            <span>
              {selected.length > 0 ? `${selected.length} selected` : `Select ${decidable.length}`}
            </span>
          </label>
          <button
            type="button"
            className="button button-small"
            disabled={busy || selected.length === 0}
            onClick={() => resolve({ ids: selected, side: 'board' })}
          >
            Keep the board for these
          </button>
          <button
            type="button"
            className="button button-small"
            disabled={busy || selected.length === 0}
            onClick={() => resolve({ ids: selected, side: 'other' })}
          >
            Take the other side for these
          </button>
        </fieldset>
      )}
      <ul className="conflicts" ref={list} tabIndex={-1} aria-label="Conflicts">
        {conflicts.map((conflict) => (
          <ConflictRow
            key={conflict.id}
            project={project}
            conflict={conflict}
            refusal={refusals.get(conflict.id)}
            decide={mine(conflict) ? (side) => resolve({ ids: [conflict.id], side }) : null}
            busy={busy}
            selected={picked.has(conflict.id)}
            onSelect={(on) => pick(conflict.id, on)}
          />
        ))}
      </ul>
      {closed && (
        <Ask
          title="The sprint has ended"
          submit="Change it anyway"
          reason="required"
          act={async (override_reason) => {
            const decision = { ...closed, ...(override_reason && { override_reason }) }
            settle(decision, await send(decision))
          }}
          onClose={() => setClosed(null)}
        >
          <p>
            {count(closed.ids.length, 'conflict')} would change cards of a sprint that is read-only.
            Say why, and it is done and recorded.
          </p>
        </Ask>
      )}
    </>
  )
}

function NoConflicts({ state }: { state: ConflictState }) {
  return (
    <EmptyState title={state === 'open' ? 'Nothing waits for a decision' : 'No conflict here'}>
      <p>
        One appears when a card is moved while its step runs, or when a task changes both on the
        board and in its file.
      </p>
    </EmptyState>
  )
}
