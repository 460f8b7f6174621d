import { setTimeout as sleep } from 'node:timers/promises'
import type { Product } from './product.ts'
import type { World } from './world.ts'

/** A protocol run with its sprint and cards. */
export interface LinkedRun {
  id: number
  projectId: number
  sprintId: number
  stepIds: number[]
}

/** Makes runs of so many steps each, in one project, with a sprint and cards for each. */
export async function linkedRuns(
  product: Product,
  projectId: number,
  size: { runs: number; steps: number },
): Promise<LinkedRun[]> {
  const made: LinkedRun[] = []
  for (let n = 0; n < size.runs; n++) {
    const run = await product.call<{ id: number; steps: { id: number }[] }>('POST', '/protocols', {
      project_id: projectId,
      protocol_name: 'Bench',
      steps: Array.from({ length: size.steps }, (_, step) => ({ step_name: `Step ${step + 1}` })),
    })
    const sprint = await product.call<{ id: number }>(
      'POST',
      `/protocols/${run.id}/actions/create-sprint`,
      {},
    )
    made.push({
      id: run.id,
      projectId,
      sprintId: sprint.id,
      stepIds: run.steps.map((step) => step.id),
    })
  }
  return made
}

/** Waits until the handlers have nothing left to do. */
export async function settled({ sql }: World): Promise<void> {
  for (;;) {
    const [row] = await sql<[{ waiting: number }]>`select count(*) as waiting from event_deliveries`
    if (row.waiting === 0) return
    await sleep(50)
  }
}
