import { Sprint, Task } from '../lib/answers.ts'
import { type Api, apiOf } from '../lib/api.ts'
import { itemsOf } from '../lib/pages.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** The sprint that a spec's tasks belong in: the one given, else the newest open one of the spec. */
export interface FoundSprint {
  sprint_id: number | null
  sprint: Sprint | null
}

const open = ['planning', 'active']

/** @throws when the sprint given is of another project, or closed */
export async function main(
  api: CDevgodzillaApi,
  project_id: number,
  spec_id: number,
  sprint_id?: number,
): Promise<FoundSprint> {
  const client = apiOf(api)
  if (sprint_id != null) {
    const sprint = await client.get(`/sprints/${sprint_id}`, Sprint)
    if (sprint.project_id !== project_id) {
      throw new Error(
        `sprint_id ${sprint_id} (${sprint.code}) belongs to project ${sprint.project_id}, ` +
          `not to ${project_id}: give a sprint of that project, or none`,
      )
    }
    if (!open.includes(sprint.status)) {
      throw new Error(
        `sprint_id ${sprint_id} (${sprint.code}) is ${sprint.status}: give one that is open, or none`,
      )
    }
    return { sprint_id, sprint }
  }
  const newest = await newestOpen(client, project_id, spec_id)
  return { sprint_id: newest?.id ?? null, sprint: newest }
}

/** A sprint is of a spec when it was made for it, or holds its tasks. */
async function newestOpen(client: Api, project_id: number, spec_id: number) {
  const found = new Map<number, Sprint>()
  for await (const sprint of itemsOf(client, '/sprints', Sprint, { project_id, spec_id })) {
    found.set(sprint.id, sprint)
  }
  const holding = new Set<number>()
  for await (const task of itemsOf(client, '/tasks', Task, { project_id, spec_id })) {
    if (task.sprint_id !== null) holding.add(task.sprint_id)
  }
  for (const id of holding) {
    if (!found.has(id)) found.set(id, await client.get(`/sprints/${id}`, Sprint))
  }
  const candidates = [...found.values()].filter(({ status }) => open.includes(status))
  return candidates.sort((a, b) => b.id - a.id)[0] ?? null
}
