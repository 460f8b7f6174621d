import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Problem, wayOut } from '../api/problem.ts'
import { sprintTasksQuery, velocityQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Task } from '../api/types.ts'
import { placeTask } from '../live/task-events.ts'
import { announce } from '../ui/announcer.tsx'
import { toast } from '../ui/toasts.tsx'
import { columnNames } from './columns.ts'
import type { Move } from './moves.ts'
import { shortId } from './short-id.ts'

export const moveKey = (sprintId: number) => ['move', sprintId] as const

type UpdatedTask = Task & { warnings: string[] }

/** Moves a card: shown at once, undone with the reason where the API refuses. */
export function useMove(sprintId: number): (move: Move) => void {
  const client = useQueryClient()
  const { queryKey } = sprintTasksQuery(sprintId)
  const { mutate } = useMutation({
    mutationKey: moveKey(sprintId),
    mutationFn: ({ task, to, reason }: Move) =>
      request<UpdatedTask>('PATCH', `/tasks/${task.id}`, {
        body: { board_status: to, ...(reason ? { blocked_reason: reason } : {}) },
      }),
    onSuccess: (updated, { task, to }) => {
      const { warnings, ...card } = updated
      client.setQueryData(queryKey, (tasks) => tasks && [...placeTask(tasks, card, sprintId)])
      void client.invalidateQueries({ queryKey: velocityQuery(sprintId).queryKey })
      const id = shortId(task)
      const place = columnNames[card.board_status]
      announce(`${id} is in ${place}.`)
      if (card.board_status !== to) {
        toast({ tone: 'warn', title: `${id} stays in ${place}`, detail: warnings.join(' ') })
      } else if (warnings.length > 0) {
        toast({ tone: 'warn', title: `${id} moved to ${place}`, detail: warnings.join(' ') })
      }
    },
    onError: (error, { task, to }) => {
      const refused = error instanceof Problem && !error.unreachable
      toast({
        tone: 'bad',
        title: `${shortId(task)} could not move to ${columnNames[to]}`,
        detail: refused ? error.message : `${error.message} ${wayOut(error)}`,
        ...(error instanceof Problem && error.rule ? { rule: error.rule } : {}),
      })
      void client.invalidateQueries({ queryKey })
    },
  })
  return mutate
}
