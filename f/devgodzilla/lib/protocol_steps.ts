import { ExecutedRun, StepRun } from './answers.ts'
import type { Api } from './api.ts'
import { itemsOf } from './pages.ts'

export interface Plan {
  run: ExecutedRun
  steps: StepRun[]
}

/** A protocol run as it stands, with its living steps in their order. */
export async function planOf(api: Api, protocolId: number): Promise<Plan> {
  const run = await api.get(`/protocols/${protocolId}`, ExecutedRun)
  const steps: StepRun[] = []
  for await (const step of itemsOf(api, `/protocols/${protocolId}/steps`, StepRun)) steps.push(step)
  return { run, steps }
}
