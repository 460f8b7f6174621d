import { Task } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'
import { itemsOf } from '../lib/pages.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** What a sprint still has to do, as it will be carried over. */
export interface OpenWork {
  tasks: { task_id: number; code: string; title: string; board_status: string }[]
  /** Sum of their estimates; one without an estimate counts 0. */
  points: number
  message: string
}

export async function main(api: CDevgodzillaApi, sprint_id: number): Promise<OpenWork> {
  const tasks: OpenWork['tasks'] = []
  let points = 0
  let started = 0
  for await (const task of itemsOf(apiOf(api), `/sprints/${sprint_id}/tasks`, Task)) {
    const { id, code, title, board_status, story_points } = task
    if (board_status === 'done' || board_status === 'archived') continue
    tasks.push({ task_id: id, code, title, board_status })
    points += story_points ?? 0
    if (board_status !== 'todo' && board_status !== 'backlog') started++
  }
  const message =
    tasks.length === 0
      ? 'nothing is left to do'
      : `${tasks.length} tasks are not done (${points} points), ${started} of them begun`
  return { tasks, points, message }
}
