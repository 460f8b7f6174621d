import { createContext, type ReactNode, useContext, useId } from 'react'
import { Problem, wayOut } from '../api/problem.ts'
import type { FormState } from './use-form.ts'
import './form.css'

const Current = createContext<FormState | null>(null)

interface FormProps {
  form: FormState
  /** The word on the button. */
  submit: string
  /** Names of the fields within, so that what is wrong with any other is told on top. */
  fields: readonly string[]
  onCancel?: () => void
  /** Another button beside that one. */
  beside?: ReactNode
  children: ReactNode
}

export function Form({ form, submit, fields, onCancel, beside, children }: FormProps) {
  return (
    <form className="form" onSubmit={form.submit} noValidate>
      <FormProblem error={form.error} fields={fields} />
      <Current value={form}>{children}</Current>
      <div className="form-end">
        {onCancel && (
          <button type="button" className="button" onClick={onCancel}>
            Cancel
          </button>
        )}
        {beside}
        <button type="submit" className="button button-main" aria-disabled={form.pending}>
          {form.pending ? 'Sending…' : submit}
        </button>
      </div>
    </form>
  )
}

interface FormProblemProps {
  error: Error | null
  /** Those that tell by themselves what is wrong with them. */
  fields?: readonly string[]
}

/** What was refused as a whole, or what no field within can show. */
export function FormProblem({ error, fields = [] }: FormProblemProps) {
  if (error === null) return null
  const problem = error instanceof Problem ? error : null
  const wrong = problem?.fields ?? []
  const others = wrong.filter(
    ({ field }) => !fields.some((name) => field === name || field.startsWith(`${name}.`)),
  )
  if (wrong.length > 0 && others.length === 0) return null
  return (
    <div className="notice notice-bad form-problem" role="alert" tabIndex={-1}>
      {wrong.length === 0 && (
        <p>
          {problem?.hadArrived
            ? 'What you sent first had arrived; only the answer was lost. It was not done again.'
            : error.message}
        </p>
      )}
      {others.map(({ field, message }) => (
        <p key={`${field} ${message}`}>
          <code>{field}</code> {message}
        </p>
      ))}
      {problem?.unreachable ? (
        <p>What you typed stays here: send it again once the server is back.</p>
      ) : (
        wrong.length === 0 && <p>{wayOut(error)}</p>
      )}
      {problem?.rule && (
        <p>
          Rule <code>{problem.rule}</code>
        </p>
      )}
      {problem?.requestId && problem.status >= 500 && (
        <p>
          Request <code>{problem.requestId}</code>
        </p>
      )}
    </div>
  )
}

interface Control {
  id: string
  name: string
  'aria-invalid': boolean
  'aria-describedby': string
}

interface FieldProps {
  /** The API's name for it. */
  name: string
  label: string
  hint?: ReactNode
  /** The input, given what ties it to its label, hint and error. */
  children: (control: Control) => ReactNode
}

/** A label, its input, a hint, and beside it what is wrong with what was typed. */
export function Field({ name, label, hint, children }: FieldProps) {
  const form = useContext(Current)
  const id = useId()
  const wrong = form?.errorOf(name)
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        name,
        'aria-invalid': wrong !== undefined,
        'aria-describedby': `${id}-hint ${id}-error`,
      })}
      <p id={`${id}-error`} className="field-error">
        {wrong}
      </p>
      <p id={`${id}-hint`} className="field-hint">
        {hint}
      </p>
    </div>
  )
}
