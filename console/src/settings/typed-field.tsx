import { type InputHTMLAttributes, type ReactNode, useId } from 'react'
import { Field } from '../form/form.tsx'
import type { TypedFields } from './use-typed.ts'

interface TypedFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  typed: TypedFields
  /** The API's name for it. */
  name: string
  label: string
  hint?: ReactNode
  /** How what somebody else has put there is said. */
  said?: (text: string) => string
  suggestions?: readonly string[]
}

/** A line of text that keeps what is typed, and tells when somebody else has changed it. */
export function TypedField(props: TypedFieldProps) {
  const { typed, name, label, hint, said, suggestions, ...input } = props
  const list = useId()
  return (
    <div className="settings-field">
      <Field name={name} label={label} hint={hint}>
        {(control) => (
          <input
            type="text"
            autoComplete="off"
            {...input}
            {...control}
            list={suggestions && list}
            value={typed.text(name)}
            onChange={(event) => typed.type(name, event.target.value)}
          />
        )}
      </Field>
      {suggestions && (
        <datalist id={list}>
          {suggestions.map((it) => (
            <option key={it} value={it} />
          ))}
        </datalist>
      )}
      <Theirs typed={typed} name={name} label={label} said={said} />
    </div>
  )
}

interface TypedBoxProps {
  typed: TypedFields
  name: string
  label: string
  hint?: ReactNode
}

/** A box to tick, beside its words. */
export function TypedBox({ typed, name, label, hint }: TypedBoxProps) {
  return (
    <div className="settings-field">
      <Field name={name} label={label} hint={hint}>
        {(control) => (
          <input
            type="checkbox"
            {...control}
            checked={typed.text(name) === 'yes'}
            onChange={(event) => typed.type(name, event.target.checked ? 'yes' : '')}
          />
        )}
      </Field>
      <Theirs
        typed={typed}
        name={name}
        label={label}
        said={(it) => (it === 'yes' ? 'on' : 'off')}
      />
    </div>
  )
}

interface TheirsProps {
  typed: TypedFields
  name: string
  label: string
  said?: ((text: string) => string) | undefined
}

/** What somebody else has saved while this was typed; saving goes over it. */
export function Theirs({ typed, name, label, said = (it) => it || 'nothing' }: TheirsProps) {
  const theirs = typed.theirs(name)
  return (
    <div role="status">
      {theirs !== undefined && (
        <p className="settings-theirs">
          Changed meanwhile to “{said(theirs)}”.{' '}
          <button
            type="button"
            className="button button-small"
            onClick={(event) => {
              event.currentTarget.form?.querySelector<HTMLElement>(`[name="${name}"]`)?.focus()
              typed.takeTheirs(name)
            }}
          >
            Take it<span className="hidden"> for {label}</span>
          </button>
        </p>
      )}
    </div>
  )
}
