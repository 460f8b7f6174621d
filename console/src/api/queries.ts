import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { Problem } from './problem.ts'
import { get, getAll } from './request.ts'
import type {
  Artifact,
  Conflict,
  Page,
  Project,
  ProtocolRun,
  SavedView,
  Spec,
  Sprint,
  SprintVelocityOut,
  StepRun,
  StoredEvent,
  Task,
  TaskDependency,
} from './types.ts'

/** The only entity of a list that was narrowed to one, or a 404 that names what was asked for. */
async function only<T>(list: Promise<Page<T>>, what: string): Promise<T> {
  const { items } = await list
  const [first] = items
  if (first === undefined) throw new Problem(404, { detail: `There is no ${what}.` })
  return first
}

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: ({ signal }) => getAll<Project>('/projects', {}, signal),
})

export const projectQuery = (slug: string) =>
  queryOptions({
    queryKey: ['projects', 'by-slug', slug],
    queryFn: ({ signal }) =>
      only(get<Page<Project>>('/projects', { slug }, signal), `project “${slug}”`),
  })

export const sprintsQuery = (projectId?: number) =>
  queryOptions({
    queryKey: ['sprints', 'list', projectId ?? 'all'],
    queryFn: ({ signal }) => getAll<Sprint>('/sprints', { project_id: projectId }, signal),
  })

export const sprintQuery = (projectId: number, code: string) =>
  queryOptions({
    queryKey: ['sprints', 'by-code', projectId, code],
    queryFn: ({ signal }) =>
      only(
        get<Page<Sprint>>('/sprints', { project_id: projectId, code }, signal),
        `sprint “${code}” in this project`,
      ),
  })

export const velocityQuery = (sprintId: number) =>
  queryOptions({
    queryKey: ['sprints', sprintId, 'velocity'],
    queryFn: ({ signal }) =>
      get<SprintVelocityOut>(`/sprints/${sprintId}/velocity`, undefined, signal),
  })

/** Which tasks a list of tasks holds: an edit's answer is put in its place there at once. */
export interface ListMeta extends Record<string, unknown> {
  holds: (task: Task) => boolean
}
const listOf = (holds: ListMeta['holds']): ListMeta => ({ holds })

export const sprintTasksQuery = (sprintId: number) =>
  queryOptions({
    queryKey: ['sprints', sprintId, 'tasks'],
    meta: listOf((task) => task.sprint_id === sprintId && task.board_status !== 'archived'),
    queryFn: ({ signal }) => getAll<Task>(`/sprints/${sprintId}/tasks`, {}, signal),
  })

export const taskQuery = (taskId: number) =>
  queryOptions({
    queryKey: ['tasks', taskId],
    queryFn: ({ signal }) => get<Task>(`/tasks/${taskId}`, undefined, signal),
  })

export const taskByCodeQuery = (projectId: number, code: string) =>
  queryOptions({
    queryKey: ['tasks', 'by-code', projectId, code],
    queryFn: ({ signal }) =>
      only(
        get<Page<Task>>('/tasks', { project_id: projectId, code }, signal),
        `card “${code}” in this project`,
      ),
  })

/** What happened to a card, the newest first, a few at a time. */
export const taskEventsQuery = (taskId: number) =>
  infiniteQueryOptions({
    queryKey: ['tasks', taskId, 'events'],
    queryFn: ({ signal, pageParam }) =>
      get<Page<StoredEvent>>(
        '/events',
        { entity_type: 'task', entity_id: taskId, order: 'desc', limit: 20, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** Cards that hold these words, the best known first; of one project, or of all. */
export const cardSearchQuery = (words: string, limit: number, projectId?: number) =>
  queryOptions({
    queryKey: ['tasks', 'search', words, limit, projectId ?? 'all'],
    queryFn: async ({ signal }) =>
      (await get<Page<Task>>('/tasks', { q: words, limit, project_id: projectId }, signal)).items,
    enabled: words !== '',
    placeholderData: keepPreviousData,
  })

/** Some tasks by their ids, at most 200; those that are no longer there are missing. */
export const readTasks = (ids: readonly number[]) =>
  get<Page<Task>>('/tasks', { ids: ids.join(','), limit: 1000 }).then(({ items }) => items)

export const dependenciesQuery = (taskId: number) =>
  queryOptions({
    queryKey: ['tasks', taskId, 'dependencies'],
    queryFn: ({ signal }) =>
      get<{ depends_on: TaskDependency[]; needed_by: TaskDependency[] }>(
        `/tasks/${taskId}/dependencies`,
        undefined,
        signal,
      ),
  })

export const artifactsQuery = (taskId: number) =>
  queryOptions({
    queryKey: ['tasks', taskId, 'artifacts'],
    queryFn: ({ signal }) => getAll<Artifact>(`/tasks/${taskId}/artifacts`, {}, signal),
  })

export const specsQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['specs', 'list', projectId],
    queryFn: ({ signal }) => getAll<Spec>('/specs', { project_id: projectId }, signal),
  })

export const protocolsQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['protocols', 'list', projectId],
    queryFn: ({ signal }) => getAll<ProtocolRun>('/protocols', { project_id: projectId }, signal),
  })

export const stepsQuery = (protocolId: number) =>
  queryOptions({
    queryKey: ['protocols', protocolId, 'steps'],
    queryFn: ({ signal }) => getAll<StepRun>(`/protocols/${protocolId}/steps`, {}, signal),
  })

export const viewsQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['views', projectId],
    queryFn: ({ signal }) => getAll<SavedView>('/views', { project_id: projectId }, signal),
  })

/** Conflicts that nobody has resolved. */
export const openConflictsQuery = (of: { sprint_id: number } | { task_id: number }) =>
  queryOptions({
    queryKey: ['conflicts', 'open', of],
    queryFn: ({ signal }) => getAll<Conflict>('/conflicts', of, signal),
  })
