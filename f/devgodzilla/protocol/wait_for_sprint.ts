import { setTimeout as sleep } from 'node:timers/promises'
import { Sprint } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'
import { ApiRefused } from '../lib/api_errors.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** Waits until the API answers with the sprint of a protocol run: 404 until it is there. */
export async function main(
  api: CDevgodzillaApi,
  protocol_id: number,
  timeout_seconds = 30,
): Promise<Sprint> {
  const client = apiOf(api)
  const end = performance.now() + timeout_seconds * 1000
  for (let pause = 100; ; pause = Math.min(1000, pause * 2)) {
    try {
      return await client.get(`/protocols/${protocol_id}/sprint`, Sprint)
    } catch (error) {
      if (!(error instanceof ApiRefused) || error.status !== 404) throw error
      if (performance.now() + pause > end) {
        throw new Error(
          `protocol run ${protocol_id} has no sprint after ${timeout_seconds} s: ` +
            `see whether it was unlinked, then run the flow again (${error.message})`,
          { cause: error },
        )
      }
    }
    await sleep(pause)
  }
}
