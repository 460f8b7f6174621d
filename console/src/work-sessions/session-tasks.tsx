import type { ReactNode } from 'react'
import type { Claim, SessionActivity, SessionWithMemory, Task } from '../api/types.ts'
import { formatMinute } from '../format/dates.ts'
import { shortened } from '../format/shortened.ts'
import { count } from '../format/words.ts'
import { columnNames } from '../scrum/columns.ts'
import { StatusWord } from '../ui/status-word.tsx'
import { mostOfTitle, TaskLink } from './subject.tsx'
import '../ui/rows.css'

type Touched = SessionActivity['tasks'][number]

interface SessionTasksProps {
  session: SessionWithMemory
  activity: SessionActivity
  /** Those that it holds among them. */
  tasks: readonly Task[]
}

/** The tasks of a session: which it holds, and what became of each. */
export function SessionTasks({ session, activity, tasks }: SessionTasksProps) {
  const touched = activity.tasks
  const more = activity.tasks_touched - touched.length
  const held = new Map(session.claims.map((claim) => [claim.task_id, claim]))
  const untouched = tasks.filter(
    ({ id }) => held.has(id) && !touched.some(({ task_id }) => task_id === id),
  )
  return (
    <section className="section" aria-labelledby="tasks">
      <h2 id="tasks">Tasks</h2>
      {touched.length + untouched.length === 0 ? (
        <p className="session-none">It has changed no task, and holds none.</p>
      ) : (
        <ul className="rows">
          {touched.map((task) => (
            <Row key={task.task_id} task={task} claim={held.get(task.task_id)}>
              <p className="rows-fine">{whatBecame(task)}</p>
              {task.notes.map(({ at, note }) => (
                <p key={at} className="session-said">
                  {note}
                </p>
              ))}
            </Row>
          ))}
          {untouched.map((task) => (
            <Row key={task.id} task={task} claim={held.get(task.id)} />
          ))}
        </ul>
      )}
      {more > 0 && <p className="session-none">{count(more, 'more task')}, touched before these</p>}
    </section>
  )
}

interface RowProps {
  task: Pick<Task, 'code' | 'title' | 'board_status'>
  claim: Claim | undefined
  children?: ReactNode
}

function Row({ task: { code, title, board_status }, claim, children }: RowProps) {
  return (
    <li>
      <div className="rows-main">
        <p>
          <TaskLink code={code} /> {shortened(title, mostOfTitle)}
        </p>
        {children}
      </div>
      {claim && (
        <span className="session-held">
          held until {formatMinute(Date.parse(claim.lease_until))}
        </span>
      )}
      <StatusWord status={board_status} word={columnNames[board_status]} />
    </li>
  )
}

/** Where it went, from column to column. */
function whatBecame({ moves, events }: Touched): string {
  const [began] = moves
  if (!began) return count(events, 'event')
  const places = moves.map(({ to }) => columnNames[to])
  return `Moved from ${columnNames[began.from]} to ${places.join(', then to ')}`
}
