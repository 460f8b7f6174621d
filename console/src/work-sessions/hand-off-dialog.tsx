import { useQuery, useQueryClient } from '@tanstack/react-query'
import { request } from '../api/request.ts'
import type { Session } from '../api/types.ts'
import { Field, Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { listed } from '../format/words.ts'
import { navigate } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import type { SessionDialogProps } from './dialog-props.ts'
import { agentsQuery } from './queries.ts'

interface HandedOff {
  session: Session
  message: string
}

export function HandOffDialog({ project, session, onClose }: SessionDialogProps) {
  const client = useQueryClient()
  const { data: agents } = useQuery(agentsQuery)
  const form = useForm<HandedOff>({
    send: (typed, idempotencyKey) => {
      const message = String(typed.get('message') ?? '').trim()
      return request('POST', `/sessions/${session.key}/handoff`, {
        body: { to_agent: String(typed.get('to_agent') ?? '').trim(), ...(message && { message }) },
        idempotencyKey,
      })
    },
    onSent: ({ session: next, message }) => {
      announce(message)
      void client.invalidateQueries({ queryKey: ['sessions'] })
      onClose()
      navigate(paths.session(project.slug, next.key))
    },
  })
  const held = session.claims.map(({ task_code }) => task_code)
  return (
    <Dialog title={`Hand off the session of ${session.agent}`} onClose={onClose}>
      <Form form={form} submit="Hand it off" fields={['to_agent', 'message']} onCancel={onClose}>
        <p>
          The receiver gets a session of its own, with the memory
          {held.length > 0 && ` and ${listed(held)}`}. This one takes no more changes.
        </p>
        <Field
          name="to_agent"
          label="To which agent"
          hint={`It takes the session up with its key; until then nobody works in it.`}
        >
          {(control) => <input type="text" {...control} list="agents" autoComplete="off" />}
        </Field>
        <datalist id="agents">
          {agents
            ?.filter(({ code }) => code !== session.agent)
            .map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
        </datalist>
        <Field name="message" label="What it must know first (may be left out)">
          {(control) => <textarea {...control} rows={3} maxLength={20_000} />}
        </Field>
      </Form>
    </Dialog>
  )
}
