import { useId } from 'react'
import type { Project, Sprint } from '../api/types.ts'
import { changeQuery, useLocation, withParameter } from '../routing/location.ts'
import { isClosed } from '../scrum/sprint-order.ts'
import './sprint-filter.css'

const states = { open: 'Open', active: 'Active', planning: 'Planning', closed: 'Closed' } as const
type State = keyof typeof states

export interface SprintFilter {
  state: State | null
  project: string | null
}

/** What the address says; values that mean nothing filter nothing. */
export function useSprintFilter(): SprintFilter {
  const { query } = useLocation()
  const state = query.get('state')
  return {
    state: state !== null && Object.hasOwn(states, state) ? (state as State) : null,
    project: query.get('project'),
  }
}

export function fitsFilter(sprint: Sprint, slug: string, { state, project }: SprintFilter) {
  if (project !== null && project !== slug) return false
  if (state === 'open') return !isClosed(sprint)
  if (state === 'closed') return isClosed(sprint)
  return state === null || sprint.status === state
}

const choose = (name: string, value: string) =>
  changeQuery((query) => withParameter(query, name, value === '' ? null : value), { replace: true })

export function SprintFilterBar({ projects }: { projects: readonly Project[] }) {
  const { state, project } = useSprintFilter()
  const id = useId()
  return (
    <search className="sprint-filter">
      <label htmlFor={`${id}-state`}>State</label>
      <select
        id={`${id}-state`}
        value={state ?? ''}
        onChange={(event) => choose('state', event.target.value)}
      >
        <option value="">All</option>
        {Object.entries(states).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <label htmlFor={`${id}-project`}>Project</label>
      <select
        id={`${id}-project`}
        value={project ?? ''}
        onChange={(event) => choose('project', event.target.value)}
      >
        <option value="">All</option>
        {projects.map(({ slug, name }) => (
          <option key={slug} value={slug}>
            {name}
          </option>
        ))}
      </select>
    </search>
  )
}
