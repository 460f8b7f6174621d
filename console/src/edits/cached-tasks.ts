import type { QueryClient } from '@tanstack/react-query'
import { type ListMeta, taskByCodeQuery, taskQuery, velocityQuery } from '../api/queries.ts'
import type { Task } from '../api/types.ts'
import { placeInList } from '../live/task-events.ts'
import type { Entry } from './entry.ts'
import type { Answer } from './outbox.ts'

const listKeys = (client: QueryClient) =>
  client.getQueryCache().findAll({
    predicate: ({ meta, state }) => meta?.holds !== undefined && state.data !== undefined,
  })

/** Puts a task, as the server answered it, into every list that holds it, or takes it out. */
export function placeEverywhere(client: QueryClient, task: Task): void {
  for (const { queryKey, meta } of listKeys(client)) {
    const { holds } = meta as ListMeta
    client.setQueryData<Task[]>(queryKey, (tasks) => {
      const next = tasks && placeInList(tasks, task, holds)
      return next === tasks ? tasks : next && [...next]
    })
  }
  const single = [taskQuery(task.id), taskByCodeQuery(task.project_id, task.code)]
  for (const { queryKey } of single) {
    client.setQueryData<Task>(queryKey, (known) =>
      known && known.updated_at <= task.updated_at ? task : known,
    )
  }
}

export function readAgain(client: QueryClient, task: Task): void {
  void client.invalidateQueries({ queryKey: taskQuery(task.id).queryKey, exact: true })
  for (const { queryKey, meta } of listKeys(client)) {
    if ((meta as ListMeta).holds(task)) void client.invalidateQueries({ queryKey })
  }
}

export function refreshVelocity(client: QueryClient, entry: Entry, { updated }: Answer): void {
  const sprints = new Set(
    [...entry.items.map(({ task }) => task), ...updated].map((it) => it.sprint_id),
  )
  for (const id of sprints) {
    if (id !== null) void client.invalidateQueries({ queryKey: velocityQuery(id).queryKey })
  }
}

/** Every card that some list holds, as the server said it. */
export const shownTasks = (client: QueryClient): Task[] =>
  listKeys(client).flatMap(({ state }) => state.data as Task[])
