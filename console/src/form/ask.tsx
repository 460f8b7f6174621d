import { type ReactNode, useState } from 'react'
import { Problem } from '../api/problem.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Form } from './form.tsx'
import { useForm } from './use-form.ts'

const unsaid = new Problem(422, {
  detail: 'A reason is missing.',
  errors: [{ field: 'reason', message: 'say why; others will read it' }],
})

interface AskProps {
  title: string
  /** What happens, and what is lost. */
  children: ReactNode
  /** The word on the button that does it. */
  submit: string
  /** Set where a reason goes along; `required` where it must. */
  reason?: 'optional' | 'required'
  act: (reason: string | undefined, key: string) => Promise<unknown>
  onClose: () => void
}

/** Asks before something is lost, or for the reason of it; a refusal is told in place. */
export function Ask({ title, children, submit, reason, act, onClose }: AskProps) {
  const [touched, setTouched] = useState('')
  const form = useForm({
    async send(typed, key) {
      const said = String(typed.get('reason') ?? '').trim()
      if (reason === 'required' && said === '') throw unsaid
      return act(said || undefined, key)
    },
    onSent: onClose,
  })
  return (
    <Dialog title={title} onClose={onClose}>
      <Form form={form} submit={submit} fields={reason ? ['reason'] : []} onCancel={onClose}>
        <div>{children}</div>
        {reason && (
          <Field
            name="reason"
            label={reason === 'required' ? 'Reason' : 'Reason (may be left out)'}
            hint={touched.length > 1800 ? `${touched.length} of 2,000 characters` : undefined}
          >
            {(control) => (
              <textarea
                {...control}
                rows={3}
                maxLength={2000}
                required={reason === 'required'}
                onChange={(event) => setTouched(event.target.value)}
              />
            )}
          </Field>
        )}
      </Form>
    </Dialog>
  )
}
