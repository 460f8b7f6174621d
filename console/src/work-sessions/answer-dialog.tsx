import { useQueryClient } from '@tanstack/react-query'
import { request } from '../api/request.ts'
import type { RememberedNote, SessionWithMemory } from '../api/types.ts'
import { Field, Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { isOver } from './standing.ts'

interface AnswerDialogProps {
  session: SessionWithMemory
  question: RememberedNote
  now: number
  onClose: () => void
}

/** A person answers what an agent has asked. */
export function AnswerDialog({ session, question, now, onClose }: AnswerDialogProps) {
  const client = useQueryClient()
  const form = useForm({
    send: (typed, idempotencyKey) =>
      request('POST', `/sessions/${session.key}/questions/${question.id}/answer`, {
        body: { text: String(typed.get('text') ?? '').trim() },
        idempotencyKey,
      }),
    onSent: async () => {
      announce('The question is answered.')
      await client.invalidateQueries({ queryKey: ['sessions'] })
      onClose()
    },
  })
  return (
    <Dialog title={`Answer ${question.agent ?? question.actor}`} onClose={onClose}>
      <Form form={form} submit="Answer" fields={['text']} onCancel={onClose}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long one is scrolled by keys, too */}
        <section className="session-question" aria-label="The question" tabIndex={0}>
          {question.text}
        </section>
        <Field
          name="text"
          label="Your answer"
          hint={`Kept as a decision, in your name. ${whoReads(session, now)}`}
        >
          {(control) => <textarea {...control} rows={4} maxLength={20_000} />}
        </Field>
      </Form>
    </Dialog>
  )
}

/** The memory is that of all sessions of a thread; the work goes on in the last one. */
function whoReads(session: SessionWithMemory, now: number): string {
  const last = session.thread.at(-1) ?? session
  return isOver(last, now)
    ? 'Nobody is at this work now: who resumes it finds the answer in the memory.'
    : `${last.agent} finds it in the memory when it next asks for its context.`
}
