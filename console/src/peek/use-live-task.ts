import { useQueryClient } from '@tanstack/react-query'
import { stepsQuery, taskByCodeQuery, taskEventsQuery, taskQuery } from '../api/queries.ts'
import type { StoredEvent, Task } from '../api/types.ts'
import { useEvents } from '../live/use-events.ts'

/** Keeps what the peek shows of a card true, also where the card is on no board. */
export function useLiveTask(projectId: number, task: Task | undefined): void {
  const client = useQueryClient()
  const again = (queryKey: readonly unknown[]) => void client.invalidateQueries({ queryKey })
  const readTask = () => {
    if (task === undefined) return
    // Its events, dependencies and artifacts are read below the same key.
    again(taskQuery(task.id).queryKey)
    again(taskByCodeQuery(projectId, task.code).queryKey)
    again(taskEventsQuery(task.id).queryKey)
    again(['conflicts', 'open'])
  }
  const onEvents = (events: StoredEvent[]) => {
    if (events.some((event) => isAbout(event, task?.id))) readTask()
    // Cards that it depends on, or that depend on it, are shown with their state.
    for (const id of new Set(events.flatMap(otherTask))) {
      void client.invalidateQueries({ queryKey: taskQuery(id).queryKey, exact: true })
    }
    const { protocol_run_id: runId = null } = task ?? {}
    const moved = events.some((it) => it.entity_type === 'step' && it.protocol_run_id === runId)
    if (runId !== null && moved) again(stepsQuery(runId).queryKey)
  }
  useEvents(task ? { project_id: projectId } : null, { onEvents, onOpen: readTask })
}

const otherTask = ({ entity_type, entity_id }: StoredEvent) =>
  entity_type === 'task' ? [entity_id] : []

/** Of the card, or of another one that has come to depend on it, or does so no longer. */
const isAbout = ({ entity_type, entity_id, payload }: StoredEvent, taskId: number | undefined) =>
  (entity_type === 'task' && entity_id === taskId) ||
  ('depends_on_id' in payload && payload.depends_on_id === taskId)
