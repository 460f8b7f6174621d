import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useEvents } from '../live/use-events.ts'
import { type Rested, restBetween } from './rest-between.ts'

/** After the charts were read they are left alone for so many milliseconds. */
const restMs = 2000

/** Keeps the charts of a page true while it is looked at, however fast its cards move. */
export function useLiveCharts(projectId: number): void {
  const client = useQueryClient()
  const refresh = useRef<Rested>(null)
  const readAgain = useEffectEvent(() =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['charts'] }),
      client.invalidateQueries({ queryKey: ['sprints'] }),
    ]),
  )
  useEffect(() => {
    const rested = restBetween(() => readAgain(), restMs)
    refresh.current = rested
    return rested.stop
  }, [])
  const soon = () => refresh.current?.ask()
  useEvents(
    { project_id: projectId, types: ['task', 'sprint', 'spec', 'project'] },
    { onOpen: soon, onEvents: soon },
  )
}
