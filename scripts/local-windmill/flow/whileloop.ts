import type { Json } from '../json.ts'
import type { WhileloopFlow } from '../openflow/types.ts'
import type { StepRow } from '../store/steps.ts'
import { endsLoop, loopOutcome, runIteration } from './iteration.ts'
import type { Outcome } from './outcome.ts'
import type { Placed } from './placed.ts'
import { stepPath } from './step-path.ts'

/** Runs its modules again and again, until a stop ends it or an iteration fails. */
export async function performWhileloop(
  placed: Placed,
  value: WhileloopFlow,
  row: StepRow,
): Promise<Outcome> {
  const { modules, skip_failures = false } = value
  const outcomes: Outcome[] = []
  for (let index = 0; !endsLoop(outcomes, skip_failures); index++) {
    const before = resultsOf(placed, value, index - 1)
    outcomes.push(
      await runIteration(placed, row, { modules, item: index, index, soFar: outcomes, before }),
    )
  }
  return loopOutcome(outcomes, skip_failures)
}

/** What the modules of an earlier iteration left: how a loop hands its state on. */
function resultsOf(
  { run, path }: Placed,
  { modules }: WhileloopFlow,
  index: number,
): Map<string, Json> {
  const iteration = stepPath(path, index)
  return new Map(
    modules.flatMap(({ id }) => {
      const row = run.steps.get(stepPath(iteration, id))
      return row?.state === 'done' ? [[id, row.result] as const] : []
    }),
  )
}
