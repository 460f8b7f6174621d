import type { Sql } from './world.ts'

/** A project, sprint and spec path that nothing was imported into yet. */
export interface Place {
  projectId: number
  sprintId: number
  specPath: string
}

let places = 0

/** Made by hand, so that making it is no part of any measurement. */
export async function newPlace(sql: Sql): Promise<Place> {
  const slug = `bench-${process.pid}-${++places}`
  const [row] = await sql<{ project: number; sprint: number }[]>`
    with p as (insert into projects (slug, name, settings)
      values (${slug}, ${slug}, '{"auto_create_sprint": false}') returning id)
    insert into sprints (project_id, code, name) select id, ${`${slug}-S1`}, 'Bench' from p
    returning project_id as project, id as sprint`
  if (!row) throw new Error('no project was made')
  return { projectId: row.project, sprintId: row.sprint, specPath: 'specs/001-bench' }
}
