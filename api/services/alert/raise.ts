import { type AlertRule, alertLimits } from '../../core/alerts.ts'
import { clear, raise } from '../../store/alerts.ts'
import type { Work } from '../runtime.ts'

export interface Trouble {
  rule: AlertRule
  /** What it is about: a route, a handler. */
  subject: string
  /** What was measured, in the unit of the rule's limit. */
  value: number
  detail: string
  project_id?: number | null
}

/** Tells of a trouble, unless the same was told within the minute. */
export async function raiseAlert(work: Work, trouble: Trouble): Promise<void> {
  const { rule, subject, detail, value, project_id = null } = trouble
  const alert = await raise(work.tx, rule, subject)
  if (!alert) return
  await work.record({
    type: 'alert.raised',
    entity_type: 'alert',
    entity_id: alert.id,
    project_id,
    payload: { rule, subject, detail, value, limit: alertLimits[rule] },
  })
}

/** Tells which alerts are over. */
export async function clearAlerts(work: Work, over: readonly { id: number }[]): Promise<void> {
  const cleared = await clear(
    work.tx,
    over.map((alert) => alert.id),
  )
  await work.record(
    ...cleared.map(({ id, rule, subject }) => ({
      type: 'alert.cleared' as const,
      entity_type: 'alert',
      entity_id: id,
      project_id: null,
      payload: { rule, subject },
    })),
  )
}
