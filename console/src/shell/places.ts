import type { SprintStatus } from '../api/types.ts'
import { paths } from '../routing/paths.ts'
import type { Counts } from './counts.ts'
import type { Current } from './use-project.ts'

/** Somewhere to go: a link of the sidebar, a line of the palette, a key after G. */
export interface Place {
  id: string
  label: string
  to: string
  key?: string
  /** Of a board: how its sprint stands. */
  status?: SprintStatus
  /** How many things wait there for somebody. */
  count?: { number: number; of: string } | undefined
}

export const globalPlaces = ({ parked }: Counts): Place[] => [
  { id: 'projects', label: 'Projects', to: paths.projects(), key: 'P' },
  { id: 'sprints', label: 'Sprints', to: paths.sprints(), key: 'S' },
  { id: 'flow-runs', label: 'Flow runs', to: paths.flowRuns(), key: 'F' },
  {
    id: 'parked',
    label: 'Parked work',
    to: paths.parked(),
    key: 'W',
    count: { number: parked, of: 'parked' },
  },
  { id: 'tokens', label: 'Tokens', to: paths.tokens(), key: 'T' },
]

export function projectPlaces({ project, sprints }: Current, { conflicts }: Counts): Place[] {
  if (project === undefined) return []
  const { slug } = project
  const boards = sprints.map(({ code, name, status }) => ({
    id: `board ${code}`,
    label: name,
    to: paths.board(slug, code),
    status,
  }))
  return [
    { id: 'project', label: 'Overview', to: paths.project(slug), key: 'O' },
    { id: 'backlog', label: 'Backlog', to: paths.backlog(slug), key: 'L' },
    ...boards,
    { id: 'charts', label: 'Charts', to: paths.projectCharts(slug), key: 'C' },
    { id: 'runs', label: 'Runs', to: paths.runs(slug), key: 'R' },
    { id: 'sessions', label: 'Sessions', to: paths.sessions(slug), key: 'A' },
    { id: 'events', label: 'Events', to: paths.events(slug), key: 'E' },
    {
      id: 'conflicts',
      label: 'Conflicts',
      to: paths.conflicts(slug),
      key: 'X',
      count: { number: conflicts, of: 'open' },
    },
    { id: 'settings', label: 'Settings', to: paths.settings(slug), key: ',' },
  ]
}
