import { ExecutedRun, PlanStep } from '../answers.ts'
import type { Api } from '../api.ts'
import { itemsOf } from '../pages.ts'

export interface Plan {
  run: ExecutedRun
  steps: PlanStep[]
}

/** A protocol run as it stands, with its living steps in their order. */
export async function planOf(api: Api, protocolId: number): Promise<Plan> {
  const run = await api.get(`/protocols/${protocolId}`, ExecutedRun)
  const steps: PlanStep[] = []
  for await (const step of itemsOf(api, `/protocols/${protocolId}/steps`, PlanStep))
    steps.push(step)
  return { run, steps }
}
