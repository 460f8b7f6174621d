import { type FocusEvent, type KeyboardEvent, type ReactNode, useId } from 'react'
import type { Task } from '../api/types.ts'
import type { Format } from './draft.ts'
import { useDraft } from './use-draft.ts'
import type { Editable } from './use-field-edit.ts'
import './peek-field.css'

interface PeekFieldProps<Name extends keyof Editable> {
  task: Task
  name: Name
  label: string
  format: Format<Editable[Name]>
  kind?: 'text' | 'title' | 'long' | 'date'
  placeholder?: string
  suggestions?: readonly string[]
}

/** A field changed in place: saved on Enter and on leaving it, restored by Escape. */
export function PeekField<Name extends keyof Editable>(props: PeekFieldProps<Name>) {
  const { task, name, label, format, kind = 'text', placeholder, suggestions } = props
  const id = useId()
  const draft = useDraft(task, name, format)
  const isTall = kind === 'long' || kind === 'title'
  const commit = (control: HTMLInputElement | HTMLTextAreaElement, again: boolean) => {
    // Half a date reads as no date at all.
    if (control.validity.badInput) return draft.complain('Give day, month and year, or nothing.')
    draft.commit(again)
  }
  const steer = (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && (kind !== 'long' || event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      commit(event.currentTarget, true)
    } else if (event.key === 'Escape' && draft.isTouched) {
      // The peek stays open: this Escape is for what was typed.
      event.preventDefault()
      event.stopPropagation()
      draft.takeTheirs()
    }
  }
  const control = {
    id,
    value: draft.text,
    placeholder,
    autoComplete: 'off',
    'aria-invalid': draft.wrong !== '',
    'aria-describedby': `${id}-wrong`,
    'data-touched': draft.isTouched || undefined,
    onKeyDown: steer,
    onBlur: (event: FocusEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      commit(event.currentTarget, false),
  }
  return (
    <>
      <label htmlFor={id} className={isTall ? 'hidden' : undefined}>
        {label}
      </label>
      <div className="peek-field">
        {isTall ? (
          <textarea
            {...control}
            className={`peek-${kind}`}
            rows={kind === 'title' ? 1 : 3}
            onChange={(event) => draft.type(event.target.value)}
          />
        ) : (
          <input
            {...control}
            type={kind}
            list={suggestions && `${id}-list`}
            onChange={(event) => draft.type(event.target.value)}
          />
        )}
        {suggestions && (
          <datalist id={`${id}-list`}>
            {suggestions.map((it) => (
              <option key={it} value={it} />
            ))}
          </datalist>
        )}
        <p id={`${id}-wrong`} className="field-error" role="alert">
          {draft.wrong}
        </p>
        <Overtaken {...draft} label={label} />
      </div>
    </>
  )
}

interface PeekChoiceProps<Name extends keyof Editable> {
  task: Task
  name: Name
  label: string
  format: Format<Editable[Name]>
  options: readonly { value: string; text: string }[]
}

/** A field with a few values; a choice is saved at once. */
export function PeekChoice<Name extends keyof Editable>(props: PeekChoiceProps<Name>) {
  const { task, name, label, format, options } = props
  const id = useId()
  const draft = useDraft(task, name, format, 'choice')
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <div className="peek-field">
        <select
          id={id}
          value={draft.text}
          aria-invalid={draft.wrong !== ''}
          aria-describedby={`${id}-wrong`}
          onChange={(event) => draft.choose(event.target.value)}
        >
          {options.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
        <p id={`${id}-wrong`} className="field-error" role="alert">
          {draft.wrong}
        </p>
        <Overtaken {...draft} label={label} />
      </div>
    </>
  )
}

interface OvertakenProps {
  label: string
  /** As text; undefined where nobody was faster. */
  theirs: string | undefined
  keepMine: () => void
  takeTheirs: () => void
  /** What is mine, where no field shows it. */
  children?: ReactNode
}

/** Somebody else was faster: both values, and the choice. */
export function Overtaken(props: OvertakenProps): ReactNode {
  const { label, theirs, keepMine, takeTheirs, children } = props
  if (theirs === undefined) return null
  return (
    <div className="peek-overtaken" role="alert">
      <p>
        {label} was changed meanwhile. Theirs: <strong>{theirs === '' ? 'empty' : theirs}</strong>
      </p>
      {children && <p>{children}</p>}
      <p>
        <button type="button" className="button button-small" onClick={keepMine}>
          Keep mine
        </button>{' '}
        <button type="button" className="button button-small" onClick={takeTheirs}>
          Take theirs
        </button>
      </p>
    </div>
  )
}
