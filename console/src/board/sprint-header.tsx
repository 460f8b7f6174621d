import { useQuery } from '@tanstack/react-query'
import { velocityQuery } from '../api/queries.ts'
import type { Project, ProtocolRun, Sprint } from '../api/types.ts'
import { formatRange, timeLeft } from '../format/dates.ts'
import { count, percent } from '../format/words.ts'
import { placesOf } from '../project/in-project.tsx'
import type { Progress } from '../scrum/columns.ts'
import { isClosed } from '../scrum/sprint-order.ts'
import { Crumbs } from '../ui/crumbs.tsx'
import { useNow } from '../ui/now.ts'
import { StatusWord } from '../ui/status-word.tsx'
import { useCode } from '../ui/use-code.ts'
import { ProgressBar } from './progress-bar.tsx'
import { Thread } from './thread.tsx'
import './sprint-header.css'

/** Dialogs that the board does not wait for. */
const loadActions = () => import('../sprint/sprint-actions.tsx').then((it) => it.SprintActions)

interface SprintHeaderProps {
  project: Project
  sprint: Sprint
  runs: readonly ProtocolRun[]
  progress: Progress | undefined
}

export function SprintHeader({ project, sprint, runs, progress }: SprintHeaderProps) {
  const now = useNow()
  const { data: actions } = useCode('actions of sprints', loadActions, { persist: true })
  const left =
    sprint.status === 'active' ? timeLeft(sprint.end_date, now, project.settings.time_zone) : null
  return (
    <header className="sprint-head">
      <div className="sprint-about">
        <Crumbs places={[...placesOf(project), { label: sprint.code }]} />
        <div className="sprint-title">
          <h1>{sprint.name}</h1>
          <StatusWord status={sprint.status} />
          <p className="sprint-dates numbers">
            {formatRange(sprint.start_date, sprint.end_date, project.settings.time_zone)}
            {left && <span> · {left}</span>}
          </p>
          {actions && <actions.Part project={project} sprint={sprint} />}
        </div>
        {sprint.goal && (
          <p className="sprint-goal" title={sprint.goal}>
            {sprint.goal}
          </p>
        )}
        {isClosed(sprint) && <p className="notice">{closedNotice(sprint)}</p>}
        <Thread projectId={project.id} sprint={sprint} runs={runs} />
      </div>
      {progress && <Points sprint={sprint} progress={progress} />}
    </header>
  )
}

const closedNotice = ({ status }: Sprint) =>
  `This sprint ${status === 'failed' ? 'has failed' : `is ${status}`}, so its cards stay where they are.`

function Points({ sprint, progress }: { sprint: Sprint; progress: Progress }) {
  const { data: velocity } = useQuery(velocityQuery(sprint.id))
  const { completed, total, rate, cards, doneCards, blocked } = progress
  return (
    <div className="sprint-points">
      <p className="numbers">
        <strong>
          {completed} of {total} points
        </strong>
        <span>{percent(rate)}</span>
        <span>
          {doneCards} of {count(cards, 'card')} done
        </span>
        {blocked > 0 && <span className="sprint-blocked">{count(blocked, 'point')} blocked</span>}
      </p>
      <ProgressBar progress={progress} />
      <dl className="numbers">
        <div>
          <dt>Velocity</dt>
          <dd>{velocity?.velocity_actual ?? sprint.velocity_actual}</dd>
        </div>
        <div>
          <dt>Committed</dt>
          <dd>{sprint.committed_points ?? 'at the start'}</dd>
        </div>
        {sprint.velocity_planned !== null && (
          <div>
            <dt>Planned</dt>
            <dd>{sprint.velocity_planned}</dd>
          </div>
        )}
      </dl>
    </div>
  )
}
