import { type AlertRule, alertEvery } from '../core/alerts.ts'
import type { Db, Tx } from './database.ts'

/** The alert's id where it is to be told now; undefined where that was done a moment ago. */
export async function raise(
  tx: Tx,
  rule: AlertRule,
  subject: string,
): Promise<{ id: number } | undefined> {
  const [row] = await tx<{ id: number }[]>`
    insert into alerts (rule, subject) values (${rule}, ${subject})
    on conflict (rule, subject) do update
      set raised_at = now(), times = alerts.times + 1, cleared_at = null
      where alerts.raised_at <= now() - make_interval(secs => ${alertEvery})
    returning id`
  return row
}

export interface Alert {
  id: number
  rule: AlertRule
  subject: string
  cleared_at: string | null
  /** Told within the minute: not to be told again yet. */
  quiet: boolean
}

export async function allAlerts(db: Db): Promise<Alert[]> {
  return db<Alert[]>`
    select id, rule, subject, cleared_at,
      raised_at > now() - make_interval(secs => ${alertEvery}) as quiet
    from alerts`
}

/** Notes that alerts are over; answers those that were not so already. */
export async function clear(tx: Tx, ids: readonly number[]): Promise<Alert[]> {
  return tx<Alert[]>`
    update alerts set cleared_at = now() where id = any(${ids as number[]}) and cleared_at is null
    returning id, rule, subject, cleared_at, true as quiet`
}

export interface AlertCount {
  rule: string
  /** Times it was told, by every process. */
  raised: number
  /** Subjects it is up about now. */
  open: number
}

export async function countAlerts(db: Db): Promise<AlertCount[]> {
  return db<AlertCount[]>`
    select rule, sum(times)::bigint as raised, count(*) filter (where cleared_at is null) as open
    from alerts group by rule`
}
