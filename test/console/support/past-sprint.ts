import { inThePast, noon } from '../../api/services/metrics/in-the-past.ts'
import type { Json, TestApi } from '../../support/api.ts'

export interface PastSprint {
  project: Json
  /** Closed eight days ago: 8 points committed, 5 completed. */
  closed: Json
  /** Began six days ago and runs for six more: 13 points committed, 3 added, 5 done. */
  sprint: Json
  open: Json
  charts: string
  projectCharts: string
}

let made = 0

/** A project with a history: a closed sprint and a running one, with cards done on several days. */
export async function pastSprint(api: TestApi): Promise<PastSprint> {
  made += 1
  const slug = `history-${made}`
  const then = <T>(days: number, work: () => Promise<T>) =>
    inThePast(api.database.sql, noon(days), work)
  const post = async (path: string, body: object = {}) => {
    const answer = await api.post(path, body)
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const move = async (task: Json, board_status: string) => {
    const answer = await api.patch(`/tasks/${task.id}`, { board_status })
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  }
  const project = await post('/projects', { slug, name: `History ${made}` })
  // A word wider than a window.
  const goal = 'W'.repeat(300)
  const sprintOf = (name: string, end: number) =>
    post('/sprints', { project_id: project.id, name, end_date: noon(end), goal })
  const card = (sprint: Json, title: string, story_points: number) =>
    post('/tasks', { project_id: project.id, sprint_id: sprint.id, title, story_points })
  const [closed, old] = await then(16, async () => {
    const sprint = await sprintOf('First steps', 8)
    const cards = [await card(sprint, 'Old five', 5), await card(sprint, 'Old three', 3)]
    await post(`/sprints/${sprint.id}/actions/start`)
    return [sprint, cards] as const
  })
  await then(14, () => move(old[0], 'in_progress'))
  await then(10, () => move(old[0], 'done'))
  await then(8, () => post(`/sprints/${closed.id}/actions/complete`))
  const [sprint, done, open] = await then(6, async () => {
    const sprint = await sprintOf('Second steps', -6)
    const five = await card(sprint, 'Five', 5)
    const eight = await card(sprint, 'Eight', 8)
    await post(`/sprints/${sprint.id}/actions/start`)
    return [sprint, five, eight] as const
  })
  await then(5, () => move(done, 'in_progress'))
  await then(4, () => move(open, 'in_progress'))
  await then(3, () => card(sprint, 'Late three', 3))
  await then(2, () => move(done, 'done'))
  return {
    project,
    closed,
    sprint,
    open,
    charts: `/projects/${slug}/sprints/${sprint.code}/charts`,
    projectCharts: `/projects/${slug}/charts`,
  }
}
