import { useState } from 'react'
import type { ImportPreview } from '../api/types.ts'
import { storiesOf } from '../scrum/stories.ts'
import { fieldName, fieldValue } from '../scrum/task-fields.ts'

type Row = ImportPreview['tasks'][number]

/** More rows than anybody reads at a glance wait for a click. */
const atFirst = 200

export function PreviewTable({ tasks }: { tasks: readonly Row[] }) {
  const [all, setAll] = useState(false)
  const shown = all ? tasks : tasks.slice(0, atFirst)
  return (
    <section className="import-table" aria-label="Tasks of the file">
      <table>
        <thead>
          <tr>
            <th scope="col">Id</th>
            <th scope="col">Task</th>
            <th scope="col">Story</th>
            <th scope="col">Mark</th>
            <th scope="col">Points</th>
            <th scope="col">Needs</th>
            <th scope="col">Would be</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((task) => (
            <tr key={`${task.external_id} ${task.occurrence}`}>
              <th scope="row" className="id">
                {task.external_id}
              </th>
              <td>{task.title}</td>
              <td>{storiesOf(task).join(', ')}</td>
              <td>{marks[task.mark]}</td>
              <td className="numbers">{task.story_points ?? ''}</td>
              <td className="id">{needs(task)}</td>
              <td>
                {outcomes[task.outcome]}
                {task.moved && ', out of the backlog'}
                {task.changes.map(({ field, from, to }) => (
                  <small key={field}>
                    {fieldName(field)}: {brief(fieldValue(field, from))} →{' '}
                    {brief(fieldValue(field, to))}
                  </small>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!all && tasks.length > atFirst && (
        <button type="button" className="button button-small" onClick={() => setAll(true)}>
          Show all {tasks.length.toLocaleString('en')}
        </button>
      )}
    </section>
  )
}

const marks = { open: 'open', done: 'done', in_progress: 'in progress', cancelled: 'cancelled' }
const outcomes = { new: 'new', changed: 'changed', unchanged: 'unchanged', kept: 'left alone' }
const needs = ({ depends_on }: Row) =>
  depends_on.slice(0, 4).join(', ') + (depends_on.length > 4 ? ` +${depends_on.length - 4}` : '')
const brief = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text)
