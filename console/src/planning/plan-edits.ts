import { useMutation, useMutationState, useQueryClient } from '@tanstack/react-query'
import { Problem, wayOut } from '../api/problem.ts'
import { sprintTasksQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Task } from '../api/types.ts'
import { shortId } from '../board/short-id.ts'
import { count } from '../format/words.ts'
import { announce } from '../ui/announcer.tsx'
import { toast } from '../ui/toasts.tsx'
import { keepTask } from './keep-task.ts'
import { backlogQuery } from './queries.ts'

/** Where cards go: a list, and a place in it; without one, its end. */
export interface Place {
  /** Null is the backlog. */
  sprintId: number | null
  /** What people call the list. */
  name: string
  before?: number
  after?: number
}

export type PlanEdit =
  | { kind: 'place'; tasks: readonly Task[]; to: Place }
  | { kind: 'estimate'; tasks: readonly Task[]; points: number | null }

/** The order of a column and of the backlog, the same for everybody. */
export const byPosition = (a: Task, b: Task) => a.position - b.position || a.id - b.id

const keyOf = (projectId: number) => ['plan', projectId]

export const usePendingPlan = (projectId: number): readonly PlanEdit[] =>
  useMutationState({
    filters: { mutationKey: keyOf(projectId), status: 'pending' },
    select: (mutation) => mutation.state.variables as PlanEdit,
  })

/** The tasks as they will be once these edits are done. The cache keeps what the server said. */
export function overlayPlan(tasks: readonly Task[], edits: readonly PlanEdit[]): readonly Task[] {
  return edits.reduce((current, edit) => {
    const ids = new Set(edit.tasks.map(({ id }) => id))
    if (edit.kind === 'estimate') {
      return current.map((task) =>
        ids.has(task.id) ? { ...task, story_points: edit.points } : task,
      )
    }
    return placed(current, edit.tasks, edit.to)
  }, tasks)
}

function placed(tasks: readonly Task[], moved: readonly Task[], to: Place): readonly Task[] {
  const order = new Map(moved.map(({ id }, index) => [id, index + 1]))
  const others = tasks
    .filter((task) => task.sprint_id === to.sprintId && !order.has(task.id))
    .toSorted(byPosition)
  const at = others.findIndex(({ id }) => id === (to.before ?? to.after))
  const next = at < 0 ? others.length : to.before === undefined ? at + 1 : at
  const low = others[next - 1]?.position ?? (others[next]?.position ?? 0) - 1
  const high = others[next]?.position ?? low + 1
  return tasks.map((task) => {
    const index = order.get(task.id)
    if (index === undefined) return task
    const joins = to.sprintId !== null && task.board_status === 'backlog'
    const leaves = to.sprintId === null && task.board_status !== 'done'
    return {
      ...task,
      sprint_id: to.sprintId,
      position: low + ((high - low) * index) / (moved.length + 1),
      board_status: joins ? 'todo' : leaves ? 'backlog' : task.board_status,
    }
  })
}

/** Plans: shown at once, undone with the reason where the API refuses. */
export function usePlanEdits(projectId: number): (edit: PlanEdit) => void {
  const client = useQueryClient()
  const { mutate } = useMutation({
    mutationKey: keyOf(projectId),
    // One after the other: a place is named by its neighbours.
    scope: { id: `plan ${projectId}` },
    mutationFn: carryOut,
    onSuccess: (updated, edit) => {
      for (const task of updated) keepTask(client, task)
      announce(doneWords(edit))
    },
    onError: (error, { tasks }) => {
      toast({
        tone: 'bad',
        title: `${named(tasks)} could not be changed`,
        detail:
          error instanceof Problem && !error.unreachable
            ? error.message
            : `${error.message} ${wayOut(error)}`,
        ...(error instanceof Problem && error.rule ? { rule: error.rule } : {}),
      })
      void client.invalidateQueries({ queryKey: backlogQuery(projectId).queryKey })
      for (const { sprint_id } of tasks) {
        if (sprint_id === null) continue
        void client.invalidateQueries({ queryKey: sprintTasksQuery(sprint_id).queryKey })
      }
    },
  })
  return mutate
}

async function carryOut(edit: PlanEdit): Promise<Task[]> {
  const task_ids = edit.tasks.map(({ id }) => id)
  if (edit.kind === 'place') {
    const { sprintId, before, after } = edit.to
    const { updated } = await request<{ updated: Task[] }>('POST', '/tasks/actions/place', {
      body: { task_ids, sprint_id: sprintId, before_task_id: before, after_task_id: after },
    })
    return updated
  }
  const { updated, refused } = await request<{
    updated: Task[]
    refused: { rule: string; detail: string }[]
  }>('POST', '/tasks/actions/update', {
    body: { task_ids, changes: { story_points: edit.points } },
  })
  const [first] = refused
  if (first) throw new Problem(409, { detail: first.detail, rule: first.rule })
  return updated
}

const named = (tasks: readonly Task[]) =>
  tasks.length === 1 && tasks[0] ? shortId(tasks[0]) : count(tasks.length, 'card')

function doneWords(edit: PlanEdit): string {
  if (edit.kind === 'place') return `${named(edit.tasks)} moved in ${edit.to.name}.`
  const points = edit.points === null ? 'no points' : count(edit.points, 'point')
  return `${named(edit.tasks)}: ${points}.`
}
