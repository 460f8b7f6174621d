import { useQueryClient } from '@tanstack/react-query'
import { Problem } from '../../api/problem.ts'
import { sprintTasksQuery, taskByCodeQuery, taskQuery, velocityQuery } from '../../api/queries.ts'
import { request } from '../../api/request.ts'
import type { Task } from '../../api/types.ts'
import { placeTask } from '../../live/task-events.ts'
import { announce } from '../../ui/announcer.tsx'
import { toast } from '../../ui/toasts.tsx'
import { shortId } from '../short-id.ts'

/** The fields that the peek changes. */
export type Editable = Pick<
  Task,
  | 'title'
  | 'description'
  | 'type'
  | 'priority'
  | 'story_points'
  | 'assignee'
  | 'labels'
  | 'due_date'
  | 'acceptance_criteria'
  | 'board_status'
  | 'blocked_reason'
  | 'sprint_id'
>
type UpdatedTask = Task & { warnings: string[] }

/** Changes a task whose fields said `seen`. Throws the refusal; where somebody was faster, too. */
export function useSave(task: Task) {
  const client = useQueryClient()
  const place = (now: Task) => {
    client.setQueryData(taskQuery(now.id).queryKey, now)
    client.setQueryData(taskByCodeQuery(now.project_id, now.code).queryKey, now)
    for (const sprintId of new Set([task.sprint_id, now.sprint_id])) {
      if (sprintId === null) continue
      const { queryKey } = sprintTasksQuery(sprintId)
      client.setQueryData(queryKey, (tasks) => tasks && [...placeTask(tasks, now, sprintId)])
      void client.invalidateQueries({ queryKey: velocityQuery(sprintId).queryKey })
    }
  }
  return async (changes: Partial<Editable>, seen: Partial<Editable>): Promise<void> => {
    try {
      const { warnings, ...now } = await request<UpdatedTask>('PATCH', `/tasks/${task.id}`, {
        body: { ...changes, expected: seen },
      })
      place(now)
      announce(`${shortId(task)} is saved.`)
      if (warnings.length > 0) {
        toast({ tone: 'warn', title: `${shortId(task)} is saved`, detail: warnings.join(' ') })
      }
    } catch (error) {
      // What it says by now is shown beside what was typed.
      if (error instanceof Problem && error.status === 409) {
        place(await request<Task>('GET', `/tasks/${task.id}`))
      }
      throw error
    }
  }
}

/** A refusal as words beside the field. */
export function explain(error: unknown): string {
  if (!(error instanceof Problem)) return String(error)
  if (error.unreachable) return 'Not saved: the server does not answer. What you typed stays here.'
  if (error.rule === 'task_changed_meanwhile') return ''
  return error.fields[0]?.message ?? error.message
}
