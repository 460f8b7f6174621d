import { useQuery } from '@tanstack/react-query'
import { velocityQuery } from '../api/queries.ts'
import type { Sprint } from '../api/types.ts'
import { formatRange, timeLeft } from '../format/dates.ts'
import { count, percent } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { isClosed } from '../scrum/sprint-order.ts'
import { useFew } from '../ui/few.tsx'
import { useNow } from '../ui/now.ts'
import { ShareBar } from '../ui/share-bar.tsx'
import { StatusWord } from '../ui/status-word.tsx'
import './sprint-rows.css'

interface Row {
  sprint: Sprint
  slug: string
  /** Of the project, whose days the dates are; UTC where it names none. */
  timeZone?: string | undefined
  /** Shown where rows of several projects stand together. */
  projectName?: string
}

interface SprintRowsProps {
  rows: Row[]
  label: string
  /** How many are shown before somebody asks for all. */
  atFirst?: number
}

export function SprintRows({ rows, label, atFirst = 30 }: SprintRowsProps) {
  const few = useFew(atFirst)
  return (
    <ul className="sprint-rows" aria-label={label}>
      {few.of(rows).map((row) => (
        <SprintRow key={row.sprint.id} {...row} />
      ))}
      {few.more(rows.length)}
    </ul>
  )
}

function SprintRow({ sprint, slug, timeZone, projectName }: Row) {
  const now = useNow()
  const left = sprint.status === 'active' ? timeLeft(sprint.end_date, now, timeZone) : null
  return (
    <li className="sprint-row">
      <div className="sprint-row-name">
        <Link to={paths.board(slug, sprint.code)}>{sprint.name}</Link>
        <p>
          <span className="id">{sprint.code}</span>
          {projectName && <span>{projectName}</span>}
        </p>
      </div>
      <StatusWord status={sprint.status} />
      <p className="sprint-row-dates numbers">
        {formatRange(sprint.start_date, sprint.end_date, timeZone)}
        {left && <span>{left}</span>}
      </p>
      <Points sprint={sprint} />
    </li>
  )
}

function Points({ sprint }: { sprint: Sprint }) {
  const closed = isClosed(sprint)
  const { data } = useQuery({ ...velocityQuery(sprint.id), enabled: !closed })
  if (closed) {
    return (
      <p className="sprint-row-points numbers">
        {count(sprint.velocity_actual, 'point')}
        {sprint.committed_points !== null && <span>of {sprint.committed_points} committed</span>}
      </p>
    )
  }
  if (data === undefined) return <p className="sprint-row-points" aria-hidden="true" />
  if (data.total_points === 0) return <p className="sprint-row-points">No points yet</p>
  return (
    <div className="sprint-row-points numbers">
      <p>
        {data.completed_points} of {data.total_points} points
        <span>{percent(data.completion_rate)}</span>
      </p>
      <ShareBar done={data.completion_rate} />
    </div>
  )
}
