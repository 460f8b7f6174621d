import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { type Parsed, points } from '../peek/draft.ts'
import type { PanelProps } from './questions.ts'
import type { Spot } from './spot.ts'

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

/** Why cards are blocked; the answer may stay empty. */
export function ReasonPanel({
  tasks,
  moves,
  heading,
  onDone,
  spot,
}: PanelProps & { spot?: Spot | undefined }) {
  return (
    <TextForm
      label={<>What blocks {heading}?</>}
      button="Move to Blocked"
      parse={(value) => ({ value })}
      onDone={(reason) => {
        onDone()
        if (spot) moves.toSpot(tasks, spot, reason)
        else moves.toColumn(tasks, 'blocked', reason)
      }}
    />
  )
}

export function PointsPanel({ tasks, moves, heading, onDone }: PanelProps) {
  const [first] = tasks
  const same = tasks.every((task) => task.story_points === first?.story_points)
  return (
    <TextForm
      label={<>Points of {heading}</>}
      button="Estimate"
      initial={same && first ? points.text(first.story_points) : ''}
      placeholder="No estimate"
      parse={points.parse}
      onDone={(story_points) => {
        onDone()
        moves.change(tasks, { story_points })
      }}
    />
  )
}
