import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Problem } from '../api/problem.ts'
import { sprintsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Project, UndoneWork } from '../api/types.ts'
import { Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { count, listed } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { toast } from '../ui/toasts.tsx'
import type { SessionDialogProps } from './dialog-props.ts'
import { TaskLink } from './subject.tsx'

/** Named one by one up to here. */
const mostNamed = 8

/** Takes back all that a session did, or says what stands in the way. */
export function UndoDialog({ project, session, activity, onClose }: SessionDialogProps) {
  const client = useQueryClient()
  const form = useForm<UndoneWork>({
    send: (_, idempotencyKey) =>
      request('POST', '/undo', {
        body: { correlation_id: session.correlation_id },
        idempotencyKey,
      }),
    onSent: async (undone) => {
      const title = saidOf(undone)
      toast({ tone: 'info', title, silent: true })
      announce(title)
      await client.invalidateQueries({ queryKey: ['sessions'] })
      onClose()
    },
  })
  const { error } = form
  const refused = error instanceof Problem && error.rule === 'later_work_stands_on_it'
  const codes = activity.tasks.map(({ code }) => code)
  return (
    <Dialog title={`Undo what ${session.agent} did`} onClose={onClose}>
      <Form
        form={refused ? { ...form, error: null } : form}
        submit={refused ? 'Try again' : 'Undo its work'}
        fields={[]}
        onCancel={onClose}
      >
        {refused && <Refusals project={project} fields={error.fields} onFollow={onClose} />}
        <div className="session-asked">
          <p>
            {codes.length === 0
              ? 'What this session changed in sprints and tasks is given back as it was before.'
              : `What this session changed in ${codes.length > mostNamed ? count(activity.tasks_touched, 'task') : listed(codes)} is given back as it was before.`}{' '}
            What it made is archived.
          </p>
          <p>
            All of it or nothing: where somebody has since changed a part of it, or built on it,
            everything stays and you are told where. Its notes and decisions stay in any case.
          </p>
          {session.state === 'active' && (
            <p>The session itself goes on: end it first if its agent should stop.</p>
          )}
        </div>
      </Form>
    </Dialog>
  )
}

function saidOf({ restored, archived }: UndoneWork): string {
  if (restored.length + archived.length === 0)
    return 'It was undone already: nothing was left to do.'
  return `Undone: ${restored.length} given back as it was, ${archived.length} archived.`
}

/** What it was done under says nothing to people; the history of the card leads there. */
const withoutId = (message: string) => message.replace(/, correlation id [^)]*/, '')

interface RefusalsProps {
  project: Project
  fields: Problem['fields']
  onFollow: () => void
}

/** What keeps the work from being undone, each with the way to it. */
function Refusals({ project, fields, onFollow }: RefusalsProps) {
  const { data: sprints } = useQuery(sprintsQuery(project.id))
  const isSprint = (code: string) => sprints?.some((it) => it.code === code)
  return (
    <div className="notice notice-bad form-problem" role="alert" tabIndex={-1}>
      <p>Nothing was undone. This stands in the way; undo or change it first:</p>
      <ul className="session-refusals">
        {fields.map(({ field, message }) => (
          <li key={`${field} ${message}`}>
            {isSprint(field) ? (
              <Link className="id" to={paths.board(project.slug, field)} onClick={onFollow}>
                {field}
              </Link>
            ) : (
              <TaskLink code={field} onClick={onFollow} />
            )}{' '}
            {withoutId(message)}
          </li>
        ))}
      </ul>
    </div>
  )
}
