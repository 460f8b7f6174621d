import { useQueryClient } from '@tanstack/react-query'
import { taskByCodeQuery, taskEventsQuery, taskQuery } from '../../api/queries.ts'
import type { Task } from '../../api/types.ts'
import { useEvents } from '../../live/use-events.ts'

/** Keeps what the peek shows of a card true, also where the card is on no board. */
export function useLiveTask(task: Task | undefined): void {
  const client = useQueryClient()
  const again = () => {
    if (task === undefined) return
    const keys = [
      taskQuery(task.id).queryKey,
      taskByCodeQuery(task.project_id, task.code).queryKey,
      taskEventsQuery(task.id).queryKey,
      ['conflicts'],
    ]
    for (const queryKey of keys) void client.invalidateQueries({ queryKey })
  }
  const filter = task ? { entity_type: 'task', entity_id: task.id } : null
  useEvents(filter, { onEvents: again, onOpen: again })
}
