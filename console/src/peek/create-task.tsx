import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useRef, useState } from 'react'
import { Problem } from '../api/problem.ts'
import { sprintsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Project, Task } from '../api/types.ts'
import { placeEverywhere } from '../edits/cached-tasks.ts'
import { Field, Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { type ColumnStatus, columnNames, columnOrder } from '../scrum/columns.ts'
import { shortId } from '../scrum/short-id.ts'
import { isClosed } from '../scrum/sprint-order.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { labels, orNobody, type Parsed, plain, points, title } from './draft.ts'
import './create-task.css'

interface CreateTaskProps {
  project: Project
  /** Where it goes, as long as nothing else is chosen; null for the backlog. */
  sprintId: number | null
  column?: ColumnStatus | undefined
  /** Names to suggest as assignees. */
  people: readonly string[]
  /** With the card that was made last. */
  onClose: (made: Task | null) => void
}

const fields = ['title', 'description', 'sprint_id', 'board_status', 'story_points', 'assignee']

/** A new card, or several in a row. */
export function CreateTask({ project, sprintId, column, people, onClose }: CreateTaskProps) {
  const client = useQueryClient()
  const id = useId()
  const form = useRef<HTMLDivElement>(null)
  const [sprint, setSprint] = useState(sprintId)
  const [made, setMade] = useState<Task | null>(null)
  const { data: sprints } = useQuery(sprintsQuery(project.id))
  const open = (sprints ?? []).filter((it) => !isClosed(it))

  const state = useForm<Task>({
    send: async (typed, idempotencyKey) =>
      request('POST', '/tasks', {
        body: { project_id: project.id, ...readTyped(typed) },
        idempotencyKey,
      }),
    onSent: (task) => {
      placeEverywhere(client, task)
      const control = (name: string) =>
        form.current?.querySelector<HTMLInputElement>(`[name="${name}"]`)
      if (!control('another')?.checked) {
        announce(`${shortId(task)} is created.`)
        return onClose(task)
      }
      setMade(task)
      for (const name of ['title', 'description']) {
        const typed = control(name)
        if (typed) typed.value = ''
      }
      control('title')?.focus()
    },
  })
  const close = () => onClose(made)
  return (
    <Dialog title="Create a task" onClose={close}>
      <div ref={form}>
        <Form form={state} submit="Create" fields={[...fields, 'labels']} onCancel={close}>
          <Field name="title" label="Title">
            {(control) => <input {...control} data-first type="text" autoComplete="off" />}
          </Field>
          <div className="form-pair">
            <Field name="sprint_id" label="Sprint">
              {(control) => (
                <select
                  {...control}
                  value={sprint ?? ''}
                  onChange={({ target }) => setSprint(Number(target.value) || null)}
                >
                  <option value="">None: in the backlog</option>
                  {open.map((it) => (
                    <option key={it.id} value={it.id}>
                      {it.name}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            {sprint !== null && (
              <Field name="board_status" label="Column">
                {(control) => (
                  <select {...control} defaultValue={column ?? 'todo'}>
                    {columnOrder.map((status) => (
                      <option key={status} value={status}>
                        {columnNames[status]}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            )}
            <Field name="story_points" label="Points">
              {(control) => (
                <input {...control} type="text" inputMode="numeric" autoComplete="off" />
              )}
            </Field>
            <Field name="assignee" label="Assignee">
              {(control) => (
                <input {...control} type="text" list={`${id}-people`} autoComplete="off" />
              )}
            </Field>
          </div>
          <datalist id={`${id}-people`}>
            {people.map((it) => (
              <option key={it} value={it} />
            ))}
          </datalist>
          <Field name="labels" label="Labels" hint="Several with commas.">
            {(control) => <input {...control} type="text" autoComplete="off" />}
          </Field>
          <Field name="description" label="Description">
            {(control) => <textarea {...control} rows={3} />}
          </Field>
          <label className="check">
            <input type="checkbox" name="another" />
            Create another one
          </label>
          <p className="create-made" role="status">
            {made && `${shortId(made)} “${made.title}” is created.`}
          </p>
        </Form>
      </div>
    </Dialog>
  )
}

/** What was typed as the API takes it; throws what is wrong with it, field by field. */
function readTyped(typed: FormData): Record<string, unknown> {
  const errors: { field: string; message: string }[] = []
  const read = <Value,>(field: string, format: { parse: (text: string) => Parsed<Value> }) => {
    const parsed = format.parse(String(typed.get(field) ?? '').replaceAll('\r\n', '\n'))
    if ('value' in parsed) return parsed.value
    errors.push({ field, message: parsed.wrong })
    return undefined
  }
  const sprint = Number(typed.get('sprint_id')) || null
  const body = {
    title: read('title', title),
    description: read('description', plain),
    sprint_id: sprint,
    ...(sprint === null ? {} : { board_status: typed.get('board_status') }),
    story_points: read('story_points', points),
    assignee: read('assignee', orNobody),
    labels: read('labels', labels),
  }
  if (errors.length > 0) throw new Problem(422, { detail: 'Something is wrong.', errors })
  return body
}
