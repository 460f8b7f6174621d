import { useQuery } from '@tanstack/react-query'
import { useAllActions } from '../actions/actions.ts'
import { cardSearchQuery, projectsQuery, protocolsQuery, sprintsQuery } from '../api/queries.ts'
import type { Project, Sprint, Task } from '../api/types.ts'
import { spoken } from '../format/words.ts'
import { navigate } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { useSettled } from '../ui/settled.ts'
import { ranked } from './rank.ts'
import { type Recent, recentPicks } from './recent.ts'

export interface Entry extends Recent {
  group: string
  keys?: string | undefined
  run: () => void
}

interface Found {
  entries: Entry[]
  searching: boolean
  error: Error | null
}

const to = (entry: Omit<Entry, 'run'> & { to: string }): Entry => ({
  ...entry,
  run: () => navigate(entry.to),
})

/** Tasks of all projects that hold what was typed. */
export function useTaskEntries(typed: string, limit: number): Found {
  const settled = useSettled(typed.trim())
  const { data, isFetching, error } = useQuery(cardSearchQuery(settled, limit))
  const { data: projects = [] } = useQuery(projectsQuery)
  const { data: sprints = [] } = useQuery(sprintsQuery())
  const tasks = settled === '' ? [] : (data ?? [])
  const exact = settled.toLowerCase()
  const isExact = (task: Task) =>
    task.code.toLowerCase() === exact || task.external_id?.toLowerCase() === exact
  const entries = [...tasks.filter(isExact), ...tasks.filter((task) => !isExact(task))].flatMap(
    (task) => {
      const project = projects.find(({ id }) => id === task.project_id)
      const sprint = sprints.find(({ id }) => id === task.sprint_id)
      return project ? [taskEntry(task, project, sprint)] : []
    },
  )
  return { entries, searching: isFetching || settled !== typed.trim(), error }
}

function taskEntry(task: Task, project: Project, sprint: Sprint | undefined): Entry {
  const place = sprint
    ? paths.card(project.slug, sprint.code, task.code)
    : `${paths.backlog(project.slug)}?task=${encodeURIComponent(task.code)}`
  return to({
    key: `task ${task.id}`,
    group: 'Tasks',
    title: task.title,
    detail: `${task.external_id ?? task.code} · ${project.name} · ${sprint?.name ?? 'Backlog'} · ${spoken(task.board_status)}`,
    to: place,
  })
}

/** Everything that can be done or opened now, the best first; before typing, what was picked last. */
export function useEntries(typed: string, projectId: number | undefined, slug: string): Found {
  const actions = useAllActions().flatMap(({ id, title, group, keys, run, local }) =>
    run && !local ? [{ key: id, group, title, keys: keys?.[0], run }] : [],
  )
  const { data: projects = [] } = useQuery(projectsQuery)
  const { data: sprints = [] } = useQuery(sprintsQuery())
  const inProject = { enabled: projectId !== undefined }
  const { data: runs = [] } = useQuery({ ...protocolsQuery(projectId ?? 0), ...inProject })
  const tasks = useTaskEntries(typed, 8)

  const slugs = new Map(projects.map((project) => [project.id, project]))
  const places: Entry[] = [
    ...projects.map(({ slug, name }) =>
      to({
        key: `project ${slug}`,
        group: 'Projects',
        title: name,
        detail: slug,
        to: paths.project(slug),
      }),
    ),
    ...sprints.flatMap(({ id, project_id, code, name, status }) => {
      const project = slugs.get(project_id)
      if (project === undefined) return []
      const detail = `${code} · ${project.name} · ${status}`
      return to({
        key: `sprint ${id}`,
        group: 'Sprints',
        title: name,
        detail,
        to: paths.board(project.slug, code),
      })
    }),
    ...runs.map(({ id, protocol_name, status }) =>
      to({
        key: `run ${id}`,
        group: 'Runs',
        title: protocol_name,
        detail: `#${id} · ${spoken(status)}`,
        to: paths.run(slug, id),
      }),
    ),
  ]
  if (typed.trim() === '')
    return { entries: [...recent(actions), ...actions], searching: false, error: null }
  const text = ({ title, group, detail = '' }: Entry) => `${title} ${detail} ${group}`
  return {
    ...tasks,
    entries: [...ranked([...actions, ...places], typed, text).slice(0, 30), ...tasks.entries],
  }
}

function recent(actions: readonly Entry[]): Entry[] {
  return recentPicks().flatMap((pick) => {
    const again = { ...pick, key: `recent ${pick.key}`, group: 'Recent' }
    if (pick.to !== undefined) return to({ ...again, to: pick.to })
    const action = actions.find(({ key }) => key === pick.key)
    return action ? [{ ...action, ...again }] : []
  })
}
