import { useQueryClient } from '@tanstack/react-query'
import {
  protocolsQuery,
  sprintQuery,
  sprintTasksQuery,
  stepsQuery,
  taskQuery,
  velocityQuery,
} from '../api/queries.ts'
import type { Sprint, StoredEvent } from '../api/types.ts'
import { refreshAfter } from '../live/refresh.ts'
import { applyEvents, placeTask } from '../live/task-events.ts'
import { useEvents } from '../live/use-events.ts'

/** Keeps the board true: what an event tells is shown at once, the rest is read again. */
export function useLiveBoard(projectId: number, sprint: Sprint): void {
  const client = useQueryClient()
  const tasksKey = sprintTasksQuery(sprint.id).queryKey
  const again = (queryKey: readonly unknown[]) => void client.invalidateQueries({ queryKey })

  const readTask = async (id: number) => {
    const task = await client.query({ ...taskQuery(id), staleTime: 0 })
    client.setQueryData(tasksKey, (tasks) => tasks && [...placeTask(tasks, task, sprint.id)])
    again([...taskQuery(id).queryKey, 'dependencies'])
  }

  const onEvents = (events: StoredEvent[]) => {
    client.setQueryData(tasksKey, (tasks) => {
      const next = tasks && applyEvents(tasks, events, sprint.id)
      return next === tasks ? tasks : next && [...next]
    })
    const refresh = refreshAfter(events)
    if (refresh.allTasks) again(tasksKey)
    for (const id of refresh.taskIds) readTask(id).catch(() => again(tasksKey))
    if (refresh.sprint) again(sprintQuery(projectId, sprint.code).queryKey)
    if (refresh.velocity) again(velocityQuery(sprint.id).queryKey)
    if (refresh.protocols) again(protocolsQuery(projectId).queryKey)
    for (const id of refresh.runIds) again(stepsQuery(id).queryKey)
  }

  const onOpen = () => {
    again(tasksKey)
    again(sprintQuery(projectId, sprint.code).queryKey)
    again(velocityQuery(sprint.id).queryKey)
    again(['protocols'])
  }

  useEvents({ sprint_id: sprint.id }, { onEvents, onOpen })
}
