import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef } from 'react'
import { readTasks, sprintsQuery } from '../api/queries.ts'
import type { StoredEvent } from '../api/types.ts'
import { placeEverywhere } from '../edits/cached-tasks.ts'
import { type Batch, batch } from '../live/batch.ts'
import { refreshAfter } from '../live/refresh.ts'
import { useEvents } from '../live/use-events.ts'
import { projectVelocityQuery } from '../sprint/past-velocity.ts'
import { backlogQuery } from './queries.ts'

/** Cards are read again at most this often (ms), however many change. */
const rereadEvery = 500

/** Keeps backlog and open sprints true: some cards are read by their ids, many all at once. */
export function useLivePlan(projectId: number): void {
  const client = useQueryClient()
  const again = (queryKey: readonly unknown[]) => void client.invalidateQueries({ queryKey })
  const allTasks = () => {
    again(backlogQuery(projectId).queryKey)
    again(['sprints'])
  }
  const reread = useEffectEvent((events: StoredEvent[]) => {
    const refresh = refreshAfter(events)
    if (refresh.allTasks) allTasks()
    else if (refresh.taskIds.length > 0) rereadTasks(client, refresh.taskIds).catch(allTasks)
    if (refresh.sprint) {
      again(sprintsQuery(projectId).queryKey)
      again(projectVelocityQuery(projectId).queryKey)
    }
    if (refresh.specs) again(['specs', 'list', projectId])
    if (refresh.protocols) again(['protocols', 'list', projectId])
  })
  const rereads = useRef<Batch<StoredEvent>>(null)
  useEffect(() => {
    const gathered = batch<StoredEvent>((events) => reread(events), rereadEvery)
    rereads.current = gathered
    return () => gathered.stop()
  }, [])

  useEvents(
    { project_id: projectId },
    {
      onOpen: () => {
        allTasks()
        again(projectVelocityQuery(projectId).queryKey)
      },
      onEvents: (events) => {
        for (const event of events) rereads.current?.add(event)
      },
    },
  )
}

async function rereadTasks(client: QueryClient, ids: readonly number[]): Promise<void> {
  for (const task of await readTasks(ids)) placeEverywhere(client, task)
}
