import { useQueryClient } from '@tanstack/react-query'
import { request } from '../api/request.ts'
import type { Project, Task } from '../api/types.ts'
import { shortId } from '../board/short-id.ts'
import { placeEverywhere } from '../edits/edits.ts'
import { Field, Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { useMay } from '../session/session.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { backlogQuery } from './queries.ts'

interface TaskDialogProps {
  project: Project
  /** Null for a new one. */
  task: Task | null
  onClose: () => void
}

/** A task of the backlog: its text, for those who may to change. */
export function TaskDialog({ project, task, onClose }: TaskDialogProps) {
  const client = useQueryClient()
  const may = useMay('work')
  const form = useForm({
    send: (typed, idempotencyKey) => {
      const body = changesIn(typed, task)
      return task === null
        ? request<Task>('POST', '/tasks', {
            body: { project_id: project.id, ...body },
            idempotencyKey,
          })
        : request<Task>('PATCH', `/tasks/${task.id}`, { body, idempotencyKey })
    },
    onSent: (saved) => {
      placeEverywhere(client, saved)
      if (task === null) {
        announce(`Created ${shortId(saved)}.`)
        void client.invalidateQueries({ queryKey: backlogQuery(project.id).queryKey })
      }
      onClose()
    },
  })
  const title = task === null ? 'New task' : shortId(task)
  if (!may && task) {
    return (
      <Dialog title={title} onClose={onClose}>
        <p className="plain">{task.title}</p>
        {task.description && <p className="plan-text">{task.description}</p>}
      </Dialog>
    )
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <Form
        form={form}
        submit={task === null ? 'Create' : 'Save'}
        fields={['title', 'description', 'story_points', 'assignee']}
        onCancel={onClose}
      >
        <Field name="title" label="Title">
          {(control) => (
            <input {...control} type="text" defaultValue={task?.title} autoComplete="off" />
          )}
        </Field>
        <Field name="description" label="Description" hint="Markdown; “- [ ]” makes a checklist.">
          {(control) => <textarea {...control} rows={5} defaultValue={task?.description} />}
        </Field>
        <div className="form-pair">
          <Field name="story_points" label="Points">
            {(control) => (
              <input
                {...control}
                type="text"
                inputMode="numeric"
                defaultValue={task?.story_points ?? ''}
              />
            )}
          </Field>
          <Field name="assignee" label="Assignee">
            {(control) => <input {...control} type="text" defaultValue={task?.assignee ?? ''} />}
          </Field>
        </div>
      </Form>
    </Dialog>
  )
}

/** What was typed; of a task that exists, only what differs from it. */
function changesIn(typed: FormData, task: Task | null): Record<string, unknown> {
  const text = (name: string) => String(typed.get(name) ?? '').replaceAll('\r\n', '\n')
  const points = text('story_points').trim()
  const given: Record<string, unknown> = {
    title: text('title').trim(),
    description: text('description'),
    story_points: points === '' ? null : /^\d+$/.test(points) ? Number(points) : points,
    assignee: text('assignee').trim() || null,
  }
  if (task === null) return given
  const known: Record<string, unknown> = { ...task }
  return Object.fromEntries(Object.entries(given).filter(([name, it]) => it !== known[name]))
}
