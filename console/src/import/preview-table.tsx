import { useState } from 'react'
import type { ImportPreview } from '../api/types.ts'
import { amount } from '../format/words.ts'
import { storiesOf } from '../scrum/stories.ts'
import { fieldName, fieldValue } from '../scrum/task-fields.ts'

import '../ui/records.css'

type Row = ImportPreview['tasks'][number]

/** More rows than anybody reads at a glance wait for a click. */
const atFirst = 200

export function PreviewTable({ tasks }: { tasks: readonly Row[] }) {
  const [all, setAll] = useState(false)
  const shown = all ? tasks : tasks.slice(0, atFirst)
  return (
    <section className="import-table" aria-label="Tasks of the file">
      <table className="records">
        <thead>
          <tr>
            <th scope="col">Id</th>
            <th scope="col">Task</th>
            <th scope="col">Story</th>
            <th scope="col">Mark</th>
            <th scope="col" className="num">
              Points
            </th>
            <th scope="col">Needs</th>
            <th scope="col">Would be</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((task) => (
            <tr key={`${task.external_id} ${task.occurrence}`}>
              <td className="id">{task.external_id}</td>
              <td className="records-main">{task.title}</td>
              <td data-label="Story">{storiesOf(task).join(', ')}</td>
              <td data-label="Mark">{marks[task.mark]}</td>
              <td data-label="Points" className="num">
                {task.story_points}
              </td>
              <td data-label="Needs" className="id">
                {needs(task)}
              </td>
              <td data-label="Would be">
                <span>
                  {outcomes[task.outcome]}
                  {task.moved && ', out of the backlog'}
                  {task.changes.map(({ field, from, to }) => (
                    <span key={field} className="records-fine import-change">
                      {fieldName(field)}: {brief(fieldValue(field, from))} →{' '}
                      {brief(fieldValue(field, to))}
                    </span>
                  ))}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!all && tasks.length > atFirst && (
        <button type="button" className="button button-small" onClick={() => setAll(true)}>
          Show all {amount(tasks.length)}
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
