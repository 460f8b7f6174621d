import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef } from 'react'
import { Problem } from '../api/problem.ts'

interface FormOptions<Answer> {
  /**
   * Sends what was typed; `key` goes along as `idempotencyKey`, so that a form whose answer was
   * lost can be sent again. Throws what `request` throws.
   */
  send: (typed: FormData, key: string) => Promise<Answer>
  /** What it answers is waited for: as long as the form is still there, it sends nothing again. */
  onSent: (answer: Answer) => unknown
}

export interface FormState {
  submit: (event: FormEvent<HTMLFormElement>) => void
  pending: boolean
  /** Why it was not taken; the fields keep what was typed. */
  error: Error | null
  /** What is wrong with one field, by the API's name for it. */
  errorOf: (field: string) => string | undefined
}

/** A form whose fields the browser keeps and whose rules the API knows. */
export function useForm<Answer>({ send, onSent }: FormOptions<Answer>): FormState {
  const form = useRef<HTMLFormElement>(null)
  const key = useRef(crypto.randomUUID())
  const { mutate, isPending, error } = useMutation({
    mutationFn: async ({ typed, unread }: { typed: FormData; unread: Problem | null }) => {
      if (unread) throw unread
      return send(typed, key.current)
    },
    // An answer may hold a secret: nothing keeps it once the form has gone.
    gcTime: 0,
    onSuccess: (answer) => {
      key.current = crypto.randomUUID()
      return onSent(answer)
    },
    onError: (failed) => {
      if (failed instanceof Problem && failed.settled) key.current = crypto.randomUUID()
    },
  })
  useEffect(() => {
    if (error === null) return
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"], .form-problem')?.focus()
  }, [error])
  const fields = error instanceof Problem ? error.fields : []
  return {
    submit: (event) => {
      event.preventDefault()
      form.current = event.currentTarget
      const { currentTarget } = event
      if (!isPending)
        mutate({ typed: new FormData(currentTarget), unread: unreadIn(currentTarget) })
    },
    pending: isPending,
    error,
    errorOf: (name) =>
      fields.find(({ field }) => field === name || field.startsWith(`${name}.`))?.message,
  }
}

/** Half a date reads as none, as if it had been left out. */
function unreadIn(form: HTMLFormElement): Problem | null {
  const errors = [...form.elements].flatMap((control) =>
    control instanceof HTMLInputElement && control.validity.badInput
      ? [{ field: control.name, message: 'must be a whole date, or left empty' }]
      : [],
  )
  return errors.length > 0 ? new Problem(422, { title: 'Invalid input', errors }) : null
}
