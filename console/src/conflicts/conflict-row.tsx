import { useQuery } from '@tanstack/react-query'
import { sprintsQuery } from '../api/queries.ts'
import type { Conflict, Project } from '../api/types.ts'
import { timeAgo } from '../format/dates.ts'
import { capital } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { fieldName } from '../scrum/task-fields.ts'
import { useNow } from '../ui/now.ts'
import { otherName, Sides } from './sides.tsx'

export type Side = 'board' | 'other'

interface ConflictRowProps {
  project: Project
  conflict: Conflict
  /** Why an attempt to resolve it left it as it is. */
  refusal: string | undefined
  /** Null where it is not for this person to decide. */
  decide: ((side: Side) => void) | null
  busy: boolean
  selected: boolean
  onSelect: (selected: boolean) => void
}

export function ConflictRow(props: ConflictRowProps) {
  const { project, conflict, refusal, decide, busy, selected, onSelect } = props
  const now = useNow()
  const heading = `conflict-${conflict.id}`
  const open = conflict.resolved_at === null
  return (
    <li className="conflict" aria-labelledby={heading}>
      <div className="conflict-head">
        {decide && open && (
          <input
            type="checkbox"
            checked={selected}
            aria-label={`Select ${conflict.task_code}, ${fieldName(conflict.field)}`}
            onChange={(event) => onSelect(event.target.checked)}
          />
        )}
        <h2 id={heading}>
          <CardLink project={project} conflict={conflict} /> {conflict.task_title}
        </h2>
        <p className="conflict-about">
          <strong>{capital(fieldName(conflict.field))}</strong>, board against {otherName(conflict)}
        </p>
      </div>
      <Sides conflict={conflict} />
      <p className="conflict-why">
        {why(conflict)}{' '}
        <time dateTime={conflict.created_at}>{timeAgo(conflict.created_at, now)}</time>
        {conflict.step_run_id !== null && `, step ${conflict.step_run_id}`}.
      </p>
      {open ? (
        <Decide conflict={conflict} decide={decide} busy={busy} />
      ) : (
        <p className="conflict-outcome">{outcome(conflict, now)}</p>
      )}
      <p className="field-error" role="status">
        {refusal}
      </p>
    </li>
  )
}

function Decide({
  conflict,
  decide,
  busy,
}: Pick<ConflictRowProps, 'conflict' | 'decide' | 'busy'>) {
  if (decide === null) {
    return (
      <p className="conflict-outcome">
        Open. {conflict.source === 'protocol' ? 'An admin' : 'A member or an admin'} decides.
      </p>
    )
  }
  const other = otherName(conflict)
  return (
    <div className="conflict-decide">
      <button type="button" className="button" disabled={busy} onClick={() => decide('board')}>
        Keep the board<span className="hidden"> for {conflict.task_code}</span>
      </button>
      <button type="button" className="button" disabled={busy} onClick={() => decide('other')}>
        Take the {other}
        <span className="hidden"> for {conflict.task_code}</span>
      </button>
      <p>
        {other === 'step'
          ? 'The board: the step is moved after the card. The step: the card stays where the step puts it.'
          : 'The board: the card stays as it is. The file: the card takes what the file says.'}
      </p>
    </div>
  )
}

function CardLink({ project, conflict }: { project: Project; conflict: Conflict }) {
  const { data: sprints } = useQuery(sprintsQuery(project.id))
  const sprint = sprints?.find((it) => it.id === conflict.sprint_id)
  const inSprint = (code: string) =>
    conflict.task_id === null
      ? paths.board(project.slug, code)
      : paths.card(project.slug, code, conflict.task_code)
  const to = sprint ? inSprint(sprint.code) : paths.backlog(project.slug)
  return (
    <Link className="id" to={to}>
      {conflict.task_code}
    </Link>
  )
}

function why({ actor, source }: Conflict): string {
  if (source === 'protocol') return `The card and its step came apart through ${actor}`
  const read = source === 'spec' ? 'import' : 'sync'
  return `Both had changed since the last ${read} when ${actor} ${read}ed`
}

function outcome(conflict: Conflict, now: number): string {
  const when = timeAgo(conflict.resolved_at ?? '', now)
  if (conflict.resolution === 'superseded') return `Over since ${when}: its sides have changed.`
  const side = conflict.resolution === 'board' ? 'board' : otherName(conflict)
  return `Resolved for the ${side} by ${conflict.resolved_by}, ${when}.`
}
