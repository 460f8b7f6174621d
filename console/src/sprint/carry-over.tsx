import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sprintsQuery, sprintTasksQuery } from '../api/queries.ts'
import type { Sprint } from '../api/types.ts'
import { Field } from '../form/form.tsx'
import { count } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { shortId } from '../scrum/short-id.ts'
import { isClosed } from '../scrum/sprint-order.ts'
import { StatusMark } from '../ui/status-mark.tsx'

/** Work that has not ended, and moves on when the sprint closes. */
const isLeft = ({ board_status }: { board_status: string }) =>
  board_status !== 'done' && board_status !== 'archived'

/** What is open in a sprint that is about to end, and where it would go. */
export function CarryOver({ sprint, slug }: { sprint: Sprint; slug: string }) {
  const { data: tasks } = useQuery(sprintTasksQuery(sprint.id))
  const others = useQuery(sprintsQuery(sprint.project_id)).data?.filter(
    (it) => it.id !== sprint.id && !isClosed(it),
  )
  const [to, setTo] = useState('backlog')
  if (!tasks || !others) return null
  const left = tasks.filter(isLeft)
  if (left.length === 0) {
    return <p>Nothing is open: every card is done.</p>
  }
  const points = left.reduce((sum, task) => sum + (task.story_points ?? 0), 0)
  const place = to === 'backlog' ? 'the backlog' : to === 'next' ? 'the next sprint' : to
  return (
    <>
      <section className="carry-over" aria-label="Open cards">
        <p>
          <strong>
            {count(left.length, 'card')} with {count(points, 'point')}
          </strong>{' '}
          {left.length === 1 ? 'is' : 'are'} not done and would move to {place}.
        </p>
        <ul>
          {left.slice(0, mostShown).map((task) => (
            <li key={task.id}>
              <StatusMark status={task.board_status} />
              <Link className="id" to={paths.card(slug, sprint.code, task.code)}>
                {shortId(task)}
              </Link>{' '}
              {task.title}
            </li>
          ))}
        </ul>
        {left.length > mostShown && <p>And {left.length - mostShown} more.</p>}
      </section>
      <Field name="carry_over_to" label="What is left goes to">
        {(control) => (
          <select {...control} value={to} onChange={(event) => setTo(event.target.value)}>
            <option value="backlog">the backlog</option>
            <option value="next">the next sprint by its first day</option>
            {others.map(({ id, code, name, status }) => (
              <option key={id} value={code}>
                {name} ({status})
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  )
}

const mostShown = 12

export const carryOverIn = (typed: FormData) => String(typed.get('carry_over_to') ?? 'backlog')
