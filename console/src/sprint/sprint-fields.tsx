import type { Sprint } from '../api/types.ts'
import { Field } from '../form/form.tsx'
import { dayIn } from '../format/dates.ts'

export const sprintFields = ['name', 'goal', 'start_date', 'end_date', 'velocity_planned']

interface SprintFieldsProps {
  sprint?: Sprint
  timeZone: string
  /** Shown where the name may be left out. */
  namePlaceholder?: string
}

/** What a person says of a sprint. Dates are days of the project’s time zone. */
export function SprintFields({ sprint, timeZone, namePlaceholder }: SprintFieldsProps) {
  const day = (at: string | null | undefined) => (at ? dayIn(at, timeZone) : '')
  return (
    <>
      <Field name="name" label="Name">
        {(control) => (
          <input
            {...control}
            type="text"
            defaultValue={sprint?.name}
            placeholder={namePlaceholder}
            autoComplete="off"
          />
        )}
      </Field>
      <Field name="goal" label="Goal" hint="What people will have when it is done, in a sentence.">
        {(control) => <textarea {...control} rows={2} defaultValue={sprint?.goal ?? ''} />}
      </Field>
      <div className="form-pair">
        <Field name="start_date" label="First day">
          {(control) => <input {...control} type="date" defaultValue={day(sprint?.start_date)} />}
        </Field>
        <Field name="end_date" label="Last day" hint={`Whole days in ${timeZone}.`}>
          {(control) => <input {...control} type="date" defaultValue={day(sprint?.end_date)} />}
        </Field>
      </div>
      <Field
        name="velocity_planned"
        label="Capacity"
        hint="Points the team can do this time, if you know; else past sprints are the measure."
      >
        {(control) => (
          <input
            {...control}
            type="text"
            inputMode="numeric"
            autoComplete="off"
            defaultValue={sprint?.velocity_planned ?? ''}
          />
        )}
      </Field>
    </>
  )
}

/** What was typed, as the API takes it. A number that is none goes along: the API says why not. */
export function sprintOf(typed: FormData, sprint: Sprint | null, timeZone: string) {
  const text = (name: string) => String(typed.get(name) ?? '').trim()
  const capacity = text('velocity_planned')
  const date = (name: 'start_date' | 'end_date') => {
    const day = text(name) || null
    const known = sprint?.[name]
    // An end at an hour of the day stays so until another day is chosen.
    return known && day === dayIn(known, timeZone) ? known : day
  }
  return {
    name: text('name'),
    goal: text('goal') || null,
    start_date: date('start_date'),
    end_date: date('end_date'),
    velocity_planned:
      capacity === '' ? null : Number.isNaN(Number(capacity)) ? capacity : Number(capacity),
  }
}
