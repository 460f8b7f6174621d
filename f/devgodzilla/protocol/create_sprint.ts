import { Sprint } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** Once per protocol run: asked again, the API answers with the sprint that is there. */
export async function main(
  api: CDevgodzillaApi,
  protocol_id: number,
  sprint_name?: string,
  start_date?: string,
  end_date?: string,
): Promise<Sprint> {
  // An empty field of a form means "none", as an absent one does.
  const body = {
    sprint_name: sprint_name || undefined,
    start_date: start_date || undefined,
    end_date: end_date || undefined,
    auto_sync: false,
  }
  return apiOf(api).post(`/protocols/${protocol_id}/actions/create-sprint`, body, Sprint)
}
