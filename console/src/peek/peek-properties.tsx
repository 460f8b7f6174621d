import { useQuery } from '@tanstack/react-query'
import { sprintsQuery } from '../api/queries.ts'
import type { Task } from '../api/types.ts'
import { spoken } from '../format/words.ts'
import { columnNames, columnOrder } from '../scrum/columns.ts'
import { isClosed } from '../scrum/sprint-order.ts'
import { priorities, taskTypes } from '../scrum/task-fields.ts'
import { day, type Format, labels, orNobody, plain, points, reason } from './draft.ts'
import { PeekChoice, PeekField } from './peek-field.tsx'

interface PeekPropertiesProps {
  task: Task
  /** Names to suggest as assignees. */
  people: readonly string[]
}

/** One of a few values; the select offers no other. */
const oneOf = <Value extends string>(): Format<Value> => ({
  text: (value) => value,
  parse: (text) => ({ value: text as Value }),
})
const sprintId: Format<number | null> = {
  text: (value) => (value === null ? '' : String(value)),
  parse: (text) => ({ value: text === '' ? null : Number(text) }),
}
const named = (values: readonly string[] = []) =>
  values.map((value) => ({ value, text: spoken(value) }))

export function PeekProperties({ task, people }: PeekPropertiesProps) {
  const { data: sprints } = useQuery(sprintsQuery(task.project_id))
  const places = (sprints ?? [])
    .filter((it) => !isClosed(it) || it.id === task.sprint_id)
    .map((it) => ({ value: String(it.id), text: it.name }))
  const columns = columnOrder.map((value) => ({ value, text: columnNames[value] }))
  return (
    <div className="peek-fields">
      <PeekChoice
        task={task}
        name="board_status"
        label="Column"
        format={oneOf<Task['board_status']>()}
        options={columns}
      />
      {task.board_status === 'blocked' && (
        <PeekField
          task={task}
          name="blocked_reason"
          label="Blocked by"
          format={reason}
          placeholder="No reason given"
        />
      )}
      <PeekChoice
        task={task}
        name="priority"
        label="Priority"
        format={oneOf<Task['priority']>()}
        options={named(priorities)}
      />
      <PeekField
        task={task}
        name="story_points"
        label="Points"
        format={points}
        placeholder="No estimate"
      />
      <PeekField
        task={task}
        name="assignee"
        label="Assignee"
        format={orNobody}
        placeholder="Nobody"
        suggestions={people}
      />
      <PeekField
        task={task}
        name="labels"
        label="Labels"
        format={labels}
        placeholder="None; several with commas"
      />
      <PeekField task={task} name="due_date" label="Due" format={day} kind="date" />
      <PeekChoice
        task={task}
        name="type"
        label="Type"
        format={oneOf<Task['type']>()}
        options={named(taskTypes)}
      />
      <PeekChoice
        task={task}
        name="sprint_id"
        label="Sprint"
        format={sprintId}
        options={[{ value: '', text: 'None: in the backlog' }, ...places]}
      />
    </div>
  )
}

export function PeekDescription({ task }: { task: Task }) {
  return (
    <section aria-labelledby="peek-description">
      <h3 id="peek-description">Description</h3>
      <PeekField
        task={task}
        name="description"
        label="Description"
        format={plain}
        kind="long"
        placeholder="What is it about?"
      />
    </section>
  )
}
