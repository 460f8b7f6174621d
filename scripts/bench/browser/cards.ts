import { tasksFile } from '../tasks-file.ts'
import type { Sql } from '../world.ts'
import type { Site } from './visit.ts'

/** A sprint with so many cards in all columns: the address of its board, and the cards' ids. */
export async function boardOf(site: Site, sql: Sql, cards: number) {
  const slug = `board-of-${cards}`
  const project = await site.call<{ id: number }>('POST', '/projects', { slug, name: slug })
  const sprint = await site.call<{ id: number; code: string }>('POST', '/sprints', {
    project_id: project.id,
    name: slug,
  })
  await site.call('POST', `/sprints/${sprint.id}/actions/import-tasks`, {
    spec_path: 'specs/001-board',
    content: tasksFile(cards),
  })
  const rows = await sql<{ id: number }[]>`
    update tasks set board_status =
      (array['todo', 'todo', 'in_progress', 'review', 'testing', 'done'])[1 + id % 6]
    where sprint_id = ${sprint.id} returning id`
  return {
    url: `${site.url}/console/projects/${slug}/sprints/${sprint.code}`,
    ids: rows.map(({ id }) => id),
  }
}
