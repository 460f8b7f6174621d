import { type KeyboardEvent, type ReactNode, useId } from 'react'
import type { Task } from '../../api/types.ts'
import type { Format } from './draft.ts'
import { useDraft } from './use-draft.ts'
import type { Editable } from './use-save.ts'
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
  const steer = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && (kind !== 'long' || event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      draft.commit()
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
    onKeyDown: steer,
    onBlur: draft.commit,
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
        <Overtaken draft={draft} label={label} />
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
  const draft = useDraft(task, name, format)
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
        <Overtaken draft={draft} label={label} />
      </div>
    </>
  )
}

type Taken = Pick<ReturnType<typeof useDraft>, 'theirs' | 'keepMine' | 'takeTheirs'>

/** Somebody else was faster: both values, and the choice. */
function Overtaken({ draft, label }: { draft: Taken; label: string }): ReactNode {
  if (draft.theirs === undefined) return null
  return (
    <div className="peek-overtaken" role="alert">
      <p>
        {label} was changed meanwhile. Theirs:{' '}
        <strong>{draft.theirs === '' ? 'empty' : draft.theirs}</strong>
      </p>
      <p>
        <button type="button" className="button button-small" onClick={draft.keepMine}>
          Keep mine
        </button>{' '}
        <button type="button" className="button button-small" onClick={draft.takeTheirs}>
          Take theirs
        </button>
      </p>
    </div>
  )
}
