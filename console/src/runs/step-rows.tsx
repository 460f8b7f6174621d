import { useEffect, useId, useRef } from 'react'
import type { FormState } from '../form/use-form.ts'
import { CloseIcon } from '../ui/close-icon.tsx'

interface StepRowsProps {
  /** Each row has an id of its own, which what was typed stays with. */
  rows: readonly number[]
  onChange: (rows: number[]) => void
  form: FormState
}

const types = ['execute', 'setup', 'implementation', 'testing', 'documentation', 'deployment']

/** One row per step; Enter in the last name begins another. */
export function StepRows({ rows, onChange, form }: StepRowsProps) {
  const list = useRef<HTMLOListElement>(null)
  const known = useRef(rows.length)
  const typeList = useId()
  useEffect(() => {
    const grown = rows.length > known.current
    known.current = rows.length
    if (grown) list.current?.querySelector<HTMLElement>('li:last-child input')?.focus()
  }, [rows])
  const add = () => onChange([...rows, Math.max(0, ...rows) + 1])
  return (
    <fieldset className="step-rows">
      <legend>Steps</legend>
      <datalist id={typeList}>
        {types.map((type) => (
          <option key={type} value={type} />
        ))}
      </datalist>
      <ol ref={list}>
        {rows.map((id, index) => (
          <li key={id}>
            <span className="numbers step-rows-number">{index + 1}</span>
            <Cell form={form} field={`steps.${index}.step_name`} label="Name" wide>
              {(control) => (
                <input
                  {...control}
                  type="text"
                  name={`name-${id}`}
                  autoComplete="off"
                  onKeyDown={(event) => {
                    if (event.key !== 'Enter' || index < rows.length - 1) return
                    event.preventDefault()
                    add()
                  }}
                />
              )}
            </Cell>
            <Cell form={form} field={`steps.${index}.step_type`} label="Type">
              {(control) => (
                <input
                  {...control}
                  type="text"
                  name={`type-${id}`}
                  list={typeList}
                  placeholder="execute"
                />
              )}
            </Cell>
            <Cell form={form} field={`steps.${index}.story_points`} label="Points">
              {(control) => (
                <input {...control} type="text" inputMode="numeric" name={`points-${id}`} />
              )}
            </Cell>
            <Cell form={form} field={`steps.${index}.depends_on`} label="After steps">
              {(control) => (
                <input {...control} type="text" name={`after-${id}`} placeholder="1, 2" />
              )}
            </Cell>
            <label className="check step-rows-qa">
              <input type="checkbox" name={`qa-${id}`} />
              QA
            </label>
            <button
              type="button"
              className="button button-quiet"
              disabled={rows.length === 1}
              onClick={() => onChange(rows.filter((it) => it !== id))}
            >
              <span className="hidden">Remove step {index + 1}</span>
              <CloseIcon />
            </button>
          </li>
        ))}
      </ol>
      <button type="button" className="button button-small" onClick={add}>
        Add a step
      </button>
    </fieldset>
  )
}

interface CellProps {
  form: FormState
  field: string
  label: string
  wide?: boolean
  children: (control: {
    id: string
    'aria-invalid': boolean
    'aria-describedby': string
  }) => React.ReactNode
}

function Cell({ form, field, label, wide = false, children }: CellProps) {
  const id = useId()
  const wrong = form.errorOf(field)
  return (
    <div className={wide ? 'step-cell step-cell-wide' : 'step-cell'}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-invalid': wrong !== undefined, 'aria-describedby': `${id}-error` })}
      <p id={`${id}-error`} className="field-error">
        {wrong}
      </p>
    </div>
  )
}
