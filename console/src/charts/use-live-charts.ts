import { useQueryClient } from '@tanstack/react-query'
import { useEvents } from '../live/use-events.ts'
import { useRested } from '../live/use-rested.ts'

/** After the charts were read they are left alone for so many milliseconds. */
const restMs = 2000

/** Keeps the charts of a page true while it is looked at, however fast its cards move. */
export function useLiveCharts(projectId: number): void {
  const client = useQueryClient()
  const soon = useRested(
    () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['charts'] }),
        client.invalidateQueries({ queryKey: ['sprints'] }),
      ]),
    restMs,
  )
  useEvents(
    { project_id: projectId, types: ['task', 'sprint', 'spec', 'project'] },
    { onOpen: soon, onEvents: soon },
  )
}
