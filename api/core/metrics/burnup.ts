import { burndown } from './burndown.ts'
import type { SprintLedger } from './sprint-ledger.ts'

export interface BurnupPoint {
  at: number
  scope: number
  completed: number
}

/** scope(t) and completed(t) as two step lines; the gap between them is what remains. */
export function burnup(ledger: SprintLedger, now: number): BurnupPoint[] {
  return burndown(ledger, now).map(({ at, scope, done }) => ({ at, scope, completed: done }))
}
