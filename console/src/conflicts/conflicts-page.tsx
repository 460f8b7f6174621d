import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Conflict, Project } from '../api/types.ts'
import { Field, Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { count } from '../format/words.ts'
import { InProject } from '../project/in-project.tsx'
import { changeQuery, useLocation, withParameter } from '../routing/location.ts'
import { useMay } from '../session/session.ts'
import { Dialog } from '../ui/dialog.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { ConflictRow } from './conflict-row.tsx'
import { type ConflictState, conflictsQuery, useLiveConflicts } from './open-conflicts.ts'
import { useFocusAfterLoss } from './use-focus-after-loss.ts'
import { type Decision, useResolve } from './use-resolve.ts'
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
const sources = { all: 'Steps and files', protocol: 'Steps', spec: 'Files' }

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
  const narrow = (name: string, value: string, usual: string) =>
    changeQuery((now) => withParameter(now, name, value === usual ? null : value))
  return (
    <>
      <div className="conflict-filters">
        <Choice
          label="State"
          value={state}
          options={states}
          onChange={(value) => narrow('state', value, 'open')}
        />
        <Choice
          label="Between the board and"
          value={source ?? 'all'}
          options={sources}
          onChange={(value) => narrow('source', value, 'all')}
        />
        {shown && <p role="status">{count(shown.length, 'conflict')}</p>}
      </div>
      {!shown && error && <ErrorState error={error} retry={refetch} />}
      {!shown && !error && <Skeleton lines={6} label="Loading conflicts" />}
      {shown && <ConflictList project={project} conflicts={shown} state={state} />}
    </>
  )
}

interface ChoiceProps {
  label: string
  value: string
  options: Record<string, string>
  onChange: (value: string) => void
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {Object.entries(options).map(([key, word]) => (
          <option key={key} value={key}>
            {word}
          </option>
        ))}
      </select>
    </label>
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
        <Override
          decision={closed}
          send={(reason) => send({ ...closed, override_reason: reason })}
          onSent={(report) => settle({ ...closed, override_reason: 'given' }, report)}
          onClose={() => setClosed(null)}
        />
      )}
    </>
  )
}

interface OverrideProps<Report> {
  decision: Decision
  send: (reason: string) => Promise<Report>
  onSent: (report: Report) => void
  onClose: () => void
}

/** A sprint that has ended is read-only; an admin may change it with a reason. */
function Override<Report>({ decision, send, onSent, onClose }: OverrideProps<Report>) {
  const form = useForm({
    send: (typed) => send(String(typed.get('override_reason')).trim()),
    onSent,
  })
  return (
    <Dialog title="The sprint has ended" onClose={onClose}>
      <p>
        {count(decision.ids.length, 'conflict')} would change cards of a sprint that is read-only.
        Say why, and it is done and recorded.
      </p>
      <Form form={form} submit="Change it anyway" fields={['override_reason']} onCancel={onClose}>
        <Field name="override_reason" label="Reason">
          {(control) => <input type="text" autoComplete="off" {...control} />}
        </Field>
      </Form>
    </Dialog>
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
