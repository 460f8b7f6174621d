import { SyncReport } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** Brings every step of a protocol run onto its sprint's board. */
export async function main(
  api: CDevgodzillaApi,
  protocol_id: number,
  create_missing_tasks = true,
): Promise<SyncReport> {
  const body = { create_missing_tasks }
  return apiOf(api).post(`/protocols/${protocol_id}/actions/sync-to-sprint`, body, SyncReport)
}
