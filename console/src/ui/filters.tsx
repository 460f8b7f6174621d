import type { ReactNode } from 'react'
import { changeQuery, useLocation, withParameter } from '../routing/location.ts'
import './filters.css'

interface FiltersProps {
  /** What they narrow, for who does not see the list below. */
  label: string
  /** How many of it are left: “3 runs”. */
  found?: string | undefined
  /** `Choice`s. */
  children: ReactNode
}

/** Above a list: what it is narrowed by. */
export function Filters({ label, found, children }: FiltersProps) {
  return (
    <search className="filters" aria-label={label}>
      {children}
      {found !== undefined && <p role="status">{found}</p>}
    </search>
  )
}

interface ChoiceProps {
  label: string
  /** The address says what is chosen, under this name. */
  name: string
  /** Value and word of each; the first one is the usual one, and stands in no address. */
  options: readonly (readonly [value: string, word: string])[]
}

/** One of a few values, which holds at once. */
export function Choice({ label, name, options }: ChoiceProps) {
  const { query } = useLocation()
  const usual = options[0]?.[0]
  const asked = query.get(name)
  const chosen = options.some(([value]) => value === asked) ? asked : usual
  const choose = (value: string) =>
    changeQuery((it) => withParameter(it, name, value === usual ? null : value), { replace: true })
  return (
    <label>
      {label}
      <select value={chosen ?? usual} onChange={(event) => choose(event.target.value)}>
        {options.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </select>
    </label>
  )
}
