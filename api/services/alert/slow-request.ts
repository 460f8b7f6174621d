import { alertEvery } from '../../core/alerts.ts'
import { isOutage } from '../../core/outage.ts'
import { transaction } from '../../store/transaction.ts'
import { type Runtime, system, workIn } from '../runtime.ts'
import { raiseAlert } from './raise.ts'

export type TellSlowRequest = (route: string, seconds: number, requestId: string) => Promise<void>

/** Raises alerts about requests that took too long. Never throws: their answers are out. */
export function slowRequests(runtime: Runtime): TellSlowRequest {
  // When this process told of a route: where everything is slow, that must not add to it.
  const told = new Map<string, number>()
  return async (route, seconds, requestId) => {
    const now = performance.now()
    if (now - (told.get(route) ?? Number.NEGATIVE_INFINITY) < alertEvery * 1000) return
    told.set(route, now)
    try {
      await transaction(runtime.db, async (tx) =>
        raiseAlert(await workIn(tx, runtime, system(requestId, null)), {
          rule: 'slow_request',
          subject: route,
          value: seconds,
          detail: `${route} took ${seconds.toFixed(1)} s to answer`,
        }),
      )
    } catch (error) {
      told.delete(route)
      // The one who asked has been told of an outage already.
      if (!isOutage(error)) runtime.log.error({ err: error, route }, 'raising an alert failed')
    }
  }
}
