import { Sprint } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'

type CDevgodzillaApi = { base_url: string; token: string }

export async function main(api: CDevgodzillaApi, sprint_id: number): Promise<Sprint> {
  return apiOf(api).get(`/sprints/${sprint_id}`, Sprint)
}
