import type { Burnup } from '../../api/types.ts'
import { percent } from '../../format/words.ts'
import { figure, points } from './amounts.ts'

export function burnupSentence(chart: Burnup): string {
  const last = chart.points.at(-1)
  if (last === undefined) return chart.reason ?? 'There is nothing to draw yet.'
  const { committed_points: committed, closed_at } = chart
  const closed = closed_at !== null
  const change = last.scope - committed
  const scope =
    change === 0
      ? `Scope ${closed ? 'stayed' : 'has stayed'} at ${points(committed)}`
      : `Scope ${closed ? '' : 'has '}${change > 0 ? (closed ? 'grew' : 'grown') : closed ? 'shrank' : 'shrunk'} from ${figure(committed)} to ${points(last.scope)}`
  if (last.scope === 0) return `${scope}, so there is nothing to complete.`
  const share = percent(last.completed / last.scope)
  const verb = closed
    ? last.completed === 1
      ? 'was'
      : 'were'
    : last.completed === 1
      ? 'is'
      : 'are'
  return `${scope}; ${figure(last.completed)} of them (${share}) ${verb} completed.`
}
