import { CompletedSprint } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** Completes a sprint and carries over what is left; a completed one answers its report again. */
export async function main(
  api: CDevgodzillaApi,
  sprint_id: number,
  carry_over_to = 'backlog',
): Promise<CompletedSprint> {
  const body = { carry_over_to: carry_over_to || 'backlog' }
  return apiOf(api).post(`/sprints/${sprint_id}/actions/complete`, body, CompletedSprint)
}
