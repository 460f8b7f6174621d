import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { amount } from '../format/words.ts'

const most = 1000

interface PointsFieldProps {
  label: string
  /** The estimate as it is; undefined where cards differ. */
  points: number | null | undefined
  /** The estimate; null takes it away, undefined leaves it as it is. */
  onDone: (points: number | null | undefined) => void
}

/** Points in place: Enter takes them, Esc leaves them. */
export function PointsField({ label, points, onDone }: PointsFieldProps) {
  const field = useRef<HTMLInputElement>(null)
  const done = useRef(false)
  const [wrong, setWrong] = useState(false)
  const error = useId()
  useEffect(() => field.current?.select(), [])

  const finish = (value: number | null | undefined) => {
    if (done.current) return
    done.current = true
    onDone(value)
  }
  const take = (otherwise?: () => void) => {
    const text = field.current?.value.trim() ?? ''
    const value = text === '' ? null : Number(text)
    const fits = value === null || (Number.isInteger(value) && value >= 0 && value <= most)
    // Leaving an empty field of several cards takes no estimate away.
    const unsaid = text === '' && points === undefined
    if (!fits || (unsaid && otherwise)) {
      if (otherwise) return otherwise()
      setWrong(true)
    } else finish(value === points ? undefined : value)
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter') take()
    else if (event.key === 'Escape') finish(undefined)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <span className="points-field">
      <input
        ref={field}
        type="text"
        inputMode="numeric"
        aria-label={label}
        aria-invalid={wrong}
        aria-describedby={error}
        defaultValue={points ?? ''}
        onKeyDown={press}
        onBlur={() => take(() => finish(undefined))}
      />
      <span id={error} className="field-error points-error">
        {wrong && `A whole number from 0 to ${amount(most)}`}
      </span>
    </span>
  )
}
