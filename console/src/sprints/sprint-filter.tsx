import type { Project, Sprint } from '../api/types.ts'
import { useLocation } from '../routing/location.ts'
import { isClosed } from '../scrum/sprint-order.ts'
import { Choice, Filters } from '../ui/filters.tsx'

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

interface SprintFiltersProps {
  projects: readonly Project[]
  found: string
}

export function SprintFilters({ projects, found }: SprintFiltersProps) {
  return (
    <Filters label="Filter sprints" found={found}>
      <Choice label="State" name="state" options={[['', 'All'], ...Object.entries(states)]} />
      <Choice
        label="Project"
        name="project"
        options={[['', 'All'], ...projects.map(({ slug, name }) => [slug, name] as const)]}
      />
    </Filters>
  )
}
