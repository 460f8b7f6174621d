import { randomUUID } from 'node:crypto'
import { alertLimits } from '../core/alerts.ts'
import { clearAlerts, raiseAlert, type Trouble } from '../services/alert/raise.ts'
import { type Runtime, system, workIn } from '../services/runtime.ts'
import { allAlerts } from '../store/alerts.ts'
import { handlersWithParked, lags } from '../store/parked.ts'
import { transaction } from '../store/transaction.ts'
import { every } from './every.ts'

const lookEvery = 1000

/**
 * Watches the handlers: raises an alert where one is behind, and ends those that are over. One about
 * slow requests is over when none was told for a minute.
 */
export const startWatch = (runtime: Runtime) =>
  every(lookEvery, 'watching the handlers', runtime.log, () => look(runtime))

async function look(runtime: Runtime): Promise<void> {
  const { db } = runtime
  const troubles = (await lags(db))
    .filter(({ seconds }) => seconds > alertLimits.handler_behind)
    .map(({ handler, seconds, project_id }): Trouble => {
      const detail = `${handler} has still to work on an event of ${seconds.toFixed(1)} s ago`
      return { rule: 'handler_behind', subject: handler, value: seconds, detail, project_id }
    })
  const stillTrue = {
    handler_behind: troubles.map((it) => it.subject),
    delivery_parked: await handlersWithParked(db),
  }
  const known = await allAlerts(db)
  const fresh = troubles.filter(
    ({ rule, subject }) =>
      !known.some((it) => it.rule === rule && it.subject === subject && it.quiet),
  )
  const over = known.filter(
    ({ rule, subject, cleared_at, quiet }) =>
      cleared_at === null && !(rule === 'slow_request' ? quiet : stillTrue[rule].includes(subject)),
  )
  // Mostly there is nothing to write.
  if (fresh.length + over.length === 0) return
  await transaction(db, async (tx) => {
    const work = await workIn(tx, runtime, system(randomUUID(), null))
    for (const trouble of fresh) await raiseAlert(work, trouble)
    await clearAlerts(work, over)
  })
}
