import type { Task } from '../api/types.ts'
import { formatDay } from '../format/dates.ts'
import { spoken } from '../format/words.ts'
import { columnNames } from '../scrum/columns.ts'
import { StatusWord } from '../ui/status-word.tsx'

/** The properties of a card for who may not change them. */
export function PeekFacts({ task }: { task: Task }) {
  return (
    <>
      <dl className="peek-facts">
        <dt>Column</dt>
        <dd>
          <StatusWord status={task.board_status} word={columnNames[task.board_status]} />
          {task.skipped && ', skipped: its points do not count'}
        </dd>
        <dt>Priority</dt>
        <dd>{task.priority}</dd>
        <dt>Points</dt>
        <dd>{task.story_points ?? 'no estimate'}</dd>
        <dt>Assignee</dt>
        <dd>{task.assignee ?? 'nobody'}</dd>
        {task.labels.length > 0 && (
          <>
            <dt>Labels</dt>
            <dd>{task.labels.join(', ')}</dd>
          </>
        )}
        {task.due_date && (
          <>
            <dt>Due</dt>
            <dd>{formatDay(task.due_date)}</dd>
          </>
        )}
        <dt>Type</dt>
        <dd>{spoken(task.type)}</dd>
      </dl>
      {task.board_status === 'blocked' && (
        <p className="card-blocked">{task.blocked_reason || 'Blocked, no reason given'}</p>
      )}
    </>
  )
}
