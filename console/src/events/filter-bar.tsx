import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { sprintsQuery } from '../api/queries.ts'
import { changeQuery } from '../routing/location.ts'
import { type FilterName, type Filters, filterNames } from './filters.ts'

const families = [
  'task',
  'sprint',
  'step',
  'protocol',
  'spec',
  'conflict',
  'project',
  'view',
  'delivery',
  'webhook',
  'alert',
  'token',
  'events',
]

interface FilterBarProps {
  projectId: number | undefined
  filters: Filters
  /** Types and people that were seen, to choose from. */
  types: readonly string[]
  actors: readonly string[]
}

/** What is asked of the log. A choice holds at once, what is typed on Enter or when it is left. */
export function FilterBar({ projectId, filters, types, actors }: FilterBarProps) {
  const form = useRef<HTMLFormElement>(null)
  const { data: sprints } = useQuery(sprintsQuery(projectId))
  const apply = () => {
    if (form.current === null) return
    const typed = new FormData(form.current)
    changeQuery((query) => {
      const next = new URLSearchParams(query)
      for (const name of filterNames) {
        const value = askedValue(name, String(typed.get(name) ?? '').trim())
        if (value === '') next.delete(name)
        else next.set(name, value)
      }
      if (String(next) !== String(query)) next.delete('event')
      return next
    })
  }
  const field = (name: FilterName) => ({ name, defaultValue: shownValue(name, filters[name]) })
  // What the address says is shown, but not over what somebody is typing.
  useEffect(() => {
    for (const name of filterNames) {
      const control = form.current?.elements.namedItem(name)
      if (!(control instanceof HTMLInputElement || control instanceof HTMLSelectElement)) continue
      const typing = control === document.activeElement && control.type === 'text'
      if (!typing) control.value = shownValue(name, filters[name])
    }
  }, [filters])
  const clear = () => {
    // Emptied first: the focus that leaves the button applies what stands in the fields.
    for (const control of form.current?.elements ?? []) {
      if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement) {
        control.value = ''
      }
    }
    changeQuery(() => new URLSearchParams())
    form.current?.querySelector('input')?.focus()
  }
  const set = Object.keys(filters).length
  return (
    <form
      ref={form}
      className="event-filters"
      aria-label="Filters"
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target instanceof HTMLInputElement) apply()
      }}
      onBlur={apply}
    >
      <Labelled label="Type">
        {(id) => (
          <input
            id={id}
            type="text"
            list="event-types"
            placeholder="any, or task.*"
            {...field('type')}
          />
        )}
      </Labelled>
      <datalist id="event-types">
        {[...families.map((it) => `${it}.*`), ...types].map((it) => (
          <option key={it} value={it} />
        ))}
      </datalist>
      <Labelled label="At least">
        {(id) => (
          <select id={id} {...field('level')} onChange={apply}>
            <option value="">any level</option>
            {['info', 'warning', 'error'].map((level) => (
              <option key={level}>{level}</option>
            ))}
          </select>
        )}
      </Labelled>
      <Labelled label="Sprint">
        {(id) => (
          <select id={id} {...field('sprint_id')} onChange={apply}>
            <option value="">any sprint</option>
            {sprints?.map((sprint) => (
              <option key={sprint.id} value={sprint.id}>
                {sprint.code} {sprint.name}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Labelled label="By">
        {(id) => (
          <input
            id={id}
            type="text"
            list="event-actors"
            placeholder="anybody"
            {...field('actor')}
          />
        )}
      </Labelled>
      <datalist id="event-actors">
        {actors.map((it) => (
          <option key={it} value={it} />
        ))}
      </datalist>
      <Labelled label="From">
        {(id) => <input id={id} type="datetime-local" {...field('since')} />}
      </Labelled>
      <Labelled label="Until">
        {(id) => <input id={id} type="datetime-local" {...field('until')} />}
      </Labelled>
      <details className="event-more" open={moreNames.some((name) => filters[name])}>
        <summary>More filters</summary>
        <div className="event-more-fields">
          <Labelled label="About a">
            {(id) => (
              <select id={id} {...field('entity_type')} onChange={apply}>
                <option value="">anything</option>
                {['task', 'sprint', 'step', 'protocol', 'spec', 'project', 'token'].map((it) => (
                  <option key={it}>{it}</option>
                ))}
              </select>
            )}
          </Labelled>
          <Labelled label="Its number">
            {(id) => <input id={id} type="text" inputMode="numeric" {...field('entity_id')} />}
          </Labelled>
          <Labelled label="Run">
            {(id) => (
              <input id={id} type="text" inputMode="numeric" {...field('protocol_run_id')} />
            )}
          </Labelled>
          <Labelled label="Action (correlation)">
            {(id) => <input id={id} type="text" {...field('correlation_id')} />}
          </Labelled>
        </div>
      </details>
      {set > 0 && (
        <button type="button" className="button button-small" onClick={clear}>
          Clear {set === 1 ? 'the filter' : `${set} filters`}
        </button>
      )}
    </form>
  )
}

const moreNames: FilterName[] = ['entity_type', 'entity_id', 'protocol_run_id', 'correlation_id']

/** `children` draws the control, given the id that ties it to its label. */
function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className="event-filter">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  )
}

const isMoment = (name: FilterName) => name === 'since' || name === 'until'

/**
 * The address holds moments in UTC, so that a link means the same everywhere; the API says what is
 * wrong with one of the year 12345.
 */
function askedValue(name: FilterName, typed: string): string {
  const at = isMoment(name) ? new Date(typed) : null
  return at === null || Number.isNaN(at.getTime()) ? typed : at.toISOString()
}

/** The browser's field wants local time. */
function shownValue(name: FilterName, value = ''): string {
  if (!isMoment(name)) return value
  const at = /^\d{4}-/.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(at)) return ''
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}
