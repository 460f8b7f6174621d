import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef } from 'react'
import {
  protocolsQuery,
  readTasks,
  sprintQuery,
  sprintTasksQuery,
  stepsQuery,
  taskQuery,
  velocityQuery,
} from '../api/queries.ts'
import type { Sprint, StoredEvent, Task } from '../api/types.ts'
import { type Batch, batch } from '../live/batch.ts'
import { refreshAfter } from '../live/refresh.ts'
import { applyEvents, placeTask } from '../live/task-events.ts'
import { useEvents } from '../live/use-events.ts'

/** What events do not tell is read again at most this often (ms), however many there are. */
const rereadEvery = 500

/** Keeps the board true: what an event tells is shown at once, the rest is read again. */
export function useLiveBoard(projectId: number, sprint: Sprint): void {
  const client = useQueryClient()
  const tasksKey = sprintTasksQuery(sprint.id).queryKey
  const again = (queryKey: readonly unknown[]) => void client.invalidateQueries({ queryKey })

  const reread = useEffectEvent((events: StoredEvent[]) => {
    const refresh = refreshAfter(events)
    if (refresh.allTasks) again(tasksKey)
    else if (refresh.taskIds.length > 0) {
      rereadTasks(client, sprint.id, refresh.taskIds).catch(() => again(tasksKey))
    }
    if (refresh.sprint) again(sprintQuery(projectId, sprint.code).queryKey)
    if (refresh.velocity) again(velocityQuery(sprint.id).queryKey)
    if (refresh.protocols) again(protocolsQuery(projectId).queryKey)
    for (const id of refresh.runIds) again(stepsQuery(id).queryKey)
  })
  const rereads = useRef<Batch<StoredEvent>>(null)
  useEffect(() => {
    const gathered = batch<StoredEvent>((events) => reread(events), rereadEvery)
    rereads.current = gathered
    return () => gathered.stop()
  }, [])

  const onEvents = (events: StoredEvent[]) => {
    client.setQueryData(tasksKey, (tasks) => {
      const next = tasks && applyEvents(tasks, events, sprint.id)
      return next === tasks ? tasks : next && [...next]
    })
    for (const event of events) rereads.current?.add(event)
    if (events.some(tellsOfConflicts)) again(['conflicts', 'open'])
  }

  const onOpen = () => {
    again(tasksKey)
    again(sprintQuery(projectId, sprint.code).queryKey)
    again(velocityQuery(sprint.id).queryKey)
    again(['protocols'])
    again(['conflicts', 'open'])
  }

  useEvents({ sprint_id: sprint.id }, { onEvents, onOpen })
}

/** Conflicts are raised and resolved; a card brings its own along. */
const tellsOfConflicts = ({ type }: StoredEvent) =>
  type.startsWith('conflict.') || type === 'task.added_to_sprint'

async function rereadTasks(client: QueryClient, sprintId: number, ids: readonly number[]) {
  const read = await readTasks(ids)
  const gone = new Set(ids)
  for (const { id } of read) gone.delete(id)
  client.setQueryData(sprintTasksQuery(sprintId).queryKey, (tasks) => {
    if (tasks === undefined) return undefined
    const placed = read.reduce<readonly Task[]>((all, it) => placeTask(all, it, sprintId), tasks)
    const next = gone.size > 0 ? placed.filter(({ id }) => !gone.has(id)) : placed
    return next === tasks ? tasks : [...next]
  })
  for (const task of read) {
    const { queryKey } = taskQuery(task.id)
    client.setQueryData(queryKey, task)
    void client.invalidateQueries({ queryKey: [...queryKey, 'dependencies'] })
  }
}
