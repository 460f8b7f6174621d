import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { Parsed } from '../peek/draft.ts'
import './panels.css'

interface TextFormProps<Value> {
  label: ReactNode
  button: string
  initial?: string
  placeholder?: string
  suggestions?: readonly string[]
  parse: (text: string) => Parsed<Value>
  onDone: (value: Value) => void
}

/** One line to fill in; what is wrong with it stands below it. */
export function TextForm<Value>(props: TextFormProps<Value>) {
  const { label, button, initial, placeholder, suggestions = [], parse, onDone } = props
  const field = useRef<HTMLInputElement>(null)
  const [wrong, setWrong] = useState('')
  const id = useId()
  useEffect(() => field.current?.select(), [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const parsed = parse(field.current?.value.trim() ?? '')
    if ('value' in parsed) return onDone(parsed.value)
    setWrong(parsed.wrong)
    field.current?.focus()
  }
  return (
    <form className="panel-form" onSubmit={submit}>
      <label htmlFor={id}>{label}</label>
      <input
        ref={field}
        id={id}
        type="text"
        maxLength={10_000}
        autoComplete="off"
        defaultValue={initial}
        placeholder={placeholder}
        list={suggestions.length > 0 ? `${id} list` : undefined}
        aria-invalid={wrong !== ''}
        aria-describedby={`${id} wrong`}
      />
      {suggestions.length > 0 && (
        <datalist id={`${id} list`}>
          {suggestions.map((it) => (
            <option key={it} value={it} />
          ))}
        </datalist>
      )}
      <p className="field-error" id={`${id} wrong`} role="alert">
        {wrong}
      </p>
      <button type="submit" className="button button-main">
        {button}
      </button>
    </form>
  )
}
