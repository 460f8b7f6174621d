import { isOutage } from '../core/outage.ts'
import type { Runtime } from '../services/runtime.ts'
import { sweeps, takeHouse } from '../store/housekeeping.ts'
import { transaction } from '../store/transaction.ts'
import { every } from './every.ts'

const sweepEvery = 10 * 60 * 1000

/** Removes now and then what nobody will ask for again. */
export const startHousekeeping = (runtime: Runtime) =>
  every(sweepEvery, 'housekeeping', runtime.log, () => keepHouse(runtime))

/** One round, by one process at a time; each sweep is a transaction of its own. */
export async function keepHouse({ db, log }: Runtime): Promise<void> {
  for (const [what, sweep] of Object.entries(sweeps)) {
    try {
      const rows = await transaction(db, async (tx) => ((await takeHouse(tx)) ? sweep(tx) : 0))
      if (rows > 0) log.info({ what, rows }, 'swept')
    } catch (error) {
      if (isOutage(error)) throw error
      // The other sweeps are no worse for it.
      log.error({ err: error, what }, 'a sweep failed')
    }
  }
}
