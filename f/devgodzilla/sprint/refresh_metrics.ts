import { Velocity } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** Has the API work out a sprint's points as they are now. */
export async function main(api: CDevgodzillaApi, sprint_id: number): Promise<Velocity> {
  return apiOf(api).get(`/sprints/${sprint_id}/velocity`, Velocity)
}
