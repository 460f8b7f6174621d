import { useId } from 'react'
import { Theirs } from './typed-field.tsx'
import type { Saving } from './use-save.ts'

const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** “Monday, Tuesday” of `1,2`. */
export const inWords = (days: string): string =>
  days
    .split(',')
    .filter(Boolean)
    .map((day) => names[Number(day) - 1])
    .join(', ')

/** The days of the week, each a box. */
export function Days({ saving: { form, typed }, name }: { saving: Saving; name: string }) {
  const id = useId()
  const chosen = new Set(typed.text(name).split(',').filter(Boolean))
  const wrong = form.errorOf(name)
  const toggle = (day: string) => {
    const next = new Set(chosen)
    if (!next.delete(day)) next.add(day)
    typed.type(name, [...next].toSorted().join(','))
  }
  return (
    <fieldset className="settings-days" aria-describedby={`${id}-error`}>
      <legend>Working days</legend>
      <div className="settings-days-row">
        {names.map((label, index) => {
          const day = String(index + 1)
          return (
            <label key={day}>
              <input
                type="checkbox"
                name={name}
                value={day}
                checked={chosen.has(day)}
                aria-invalid={wrong !== undefined}
                onChange={() => toggle(day)}
              />
              {label}
            </label>
          )
        })}
      </div>
      <p id={`${id}-error`} className="field-error">
        {wrong}
      </p>
      <Theirs typed={typed} name={name} label="working days" said={(it) => inWords(it) || 'none'} />
    </fieldset>
  )
}
