import { Spec, Sprint, Task } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'
import { itemsOf } from '../lib/pages.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** A sprint about to be completed, and the specs whose tasks are in it. */
export interface SprintSpecs {
  sprint: Sprint
  completed: boolean
  /** Empty for a completed sprint: it is closed for changes, so nothing is imported into it. */
  specs: { spec_id: number; path: string }[]
}

export async function main(api: CDevgodzillaApi, sprint_id: number): Promise<SprintSpecs> {
  const client = apiOf(api)
  const sprint = await client.get(`/sprints/${sprint_id}`, Sprint)
  if (sprint.status === 'archived' || sprint.status === 'failed') {
    throw new Error(
      `sprint ${sprint.code} is ${sprint.status}, so it cannot be completed: ` +
        'complete a sprint that is planned, active, or completed already',
    )
  }
  const completed = sprint.status === 'completed'
  if (completed) return { sprint, completed, specs: [] }
  const ids = new Set<number>(sprint.spec_id === null ? [] : [sprint.spec_id])
  for await (const { spec_id } of itemsOf(client, `/sprints/${sprint_id}/tasks`, Task)) {
    if (spec_id !== null) ids.add(spec_id)
  }
  const specs: SprintSpecs['specs'] = []
  for (const spec_id of [...ids].sort((a, b) => a - b)) {
    const { path } = await client.get(`/specs/${spec_id}`, Spec)
    specs.push({ spec_id, path })
  }
  return { sprint, completed, specs }
}
