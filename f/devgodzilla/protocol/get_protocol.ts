import { ProtocolRun } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'

type CDevgodzillaApi = { base_url: string; token: string }

export async function main(api: CDevgodzillaApi, protocol_id: number): Promise<ProtocolRun> {
  return apiOf(api).get(`/protocols/${protocol_id}`, ProtocolRun)
}
