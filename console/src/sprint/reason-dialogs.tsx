import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { request } from '../api/request.ts'
import { Ask } from '../form/ask.tsx'
import { Field, Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { Dialog } from '../ui/dialog.tsx'
import { CarryOver, carryOverIn } from './carry-over.tsx'
import type { SprintDialogProps } from './edit-dialog.tsx'

export function FailDialog(props: SprintDialogProps) {
  return (
    <ReasonDialog
      {...props}
      title={`End ${props.sprint.name} as failed`}
      submit="End the sprint as failed"
      label="Why did it miss its goal?"
      bodyOf={(typed) => ({ reason: reasonIn(typed), carry_over_to: carryOverIn(typed) })}
      action="fail"
    >
      <CarryOver sprint={props.sprint} slug={props.project.slug} />
    </ReasonDialog>
  )
}

export function ReopenDialog(props: SprintDialogProps) {
  return (
    <ReasonDialog
      {...props}
      title={`Open ${props.sprint.name} again`}
      submit="Open it again"
      label="Why is it opened again?"
      bodyOf={(typed) => ({ reason: reasonIn(typed) })}
      action="reopen"
    >
      <p>
        Its start and commitment stay. What was carried over stays where it went, and the report is
        made anew when it ends.
      </p>
    </ReasonDialog>
  )
}

const reasonIn = (typed: FormData) => String(typed.get('reason') ?? '')

interface ReasonDialogProps extends SprintDialogProps {
  title: string
  submit: string
  label: string
  action: string
  bodyOf: (typed: FormData) => object
  children: ReactNode
}

function ReasonDialog(props: ReasonDialogProps) {
  const { sprint, onClose, title, submit, label, action, bodyOf, children } = props
  const client = useQueryClient()
  const form = useForm({
    send: (typed, idempotencyKey) =>
      request('POST', `/sprints/${sprint.id}/actions/${action}`, {
        body: bodyOf(typed),
        idempotencyKey,
      }),
    onSent: async () => {
      await client.invalidateQueries({ queryKey: ['sprints'] })
      onClose()
    },
  })
  return (
    <Dialog title={title} onClose={onClose}>
      <Form form={form} submit={submit} fields={['reason', 'carry_over_to']} onCancel={onClose}>
        {children}
        <Field name="reason" label={label} hint="It is kept with the event, for everybody to read.">
          {(control) => <textarea {...control} rows={2} maxLength={1000} />}
        </Field>
      </Form>
    </Dialog>
  )
}

export function ArchiveDialog({ sprint, onClose }: SprintDialogProps) {
  const client = useQueryClient()
  const archive = async (_: string | undefined, idempotencyKey: string) => {
    await request('DELETE', `/sprints/${sprint.id}`, { idempotencyKey })
    await client.invalidateQueries({ queryKey: ['sprints'] })
  }
  return (
    <Ask title={`Archive ${sprint.name}`} submit="Archive" act={archive} onClose={onClose}>
      <p>
        It leaves every list. Its open cards go back to the backlog; what was done stays with it.
      </p>
    </Ask>
  )
}
