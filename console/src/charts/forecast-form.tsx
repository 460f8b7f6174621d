import { Field, Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import type { ForecastQuestion } from './queries.ts'

const numbers = [
  { name: 'remaining_min', label: 'Tasks left, at least' },
  { name: 'remaining_max', label: 'Tasks left, at most' },
  { name: 'history_days', label: 'Days of history', hint: '90 if left empty' },
  { name: 'seed', label: 'Seed', hint: 'follows from the data if left empty' },
] as const
const fields = [...numbers.map(({ name }) => name), 'by']

interface ForecastFormProps {
  /** Throws the API's refusal, which the fields show. */
  ask: (question: ForecastQuestion) => Promise<unknown>
  onAsked: (question: ForecastQuestion) => void
}

/** What a forecast can be asked; an empty field leaves the choice to the API. */
export function ForecastForm({ ask, onAsked }: ForecastFormProps) {
  const form = useForm({
    send: async (typed) => {
      const question: ForecastQuestion = Object.fromEntries(
        [...typed].filter(([, value]) => String(value).trim() !== ''),
      )
      await ask(question)
      return question
    },
    onSent: onAsked,
  })
  return (
    <Form form={form} submit="Forecast" fields={fields}>
      <div className="forecast-fields">
        {numbers.map(({ name, label, ...rest }) => (
          <Field key={name} name={name} label={label} {...rest}>
            {(control) => <input {...control} type="text" inputMode="numeric" autoComplete="off" />}
          </Field>
        ))}
        <Field name="by" label="How many by" hint="the sprint’s end, or two weeks, if left empty">
          {(control) => <input {...control} type="date" />}
        </Field>
      </div>
    </Form>
  )
}
