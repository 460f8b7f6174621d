import { type ColumnStatus, columnOrder } from '../scrum/columns.ts'
import { type LaneKind, laneKinds } from './lanes.ts'

/** How the board is laid out, as its address says; what an address has wrong counts for nothing. */
export const laneKindOf = (query: URLSearchParams): LaneKind =>
  laneKinds.find((kind) => kind === query.get('lanes')) ?? 'none'

export function hiddenColumnsOf(query: URLSearchParams): ReadonlySet<ColumnStatus> {
  const named = (query.get('hide') ?? '').split(',')
  return new Set(columnOrder.filter((status) => named.includes(status)))
}

export const withLanes = (query: URLSearchParams, kind: LaneKind) =>
  withParameter(query, 'lanes', kind === 'none' ? null : kind)

export function withHiddenColumns(query: URLSearchParams, hidden: ReadonlySet<ColumnStatus>) {
  const named = columnOrder.filter((status) => hidden.has(status))
  return withParameter(query, 'hide', named.length === 0 ? null : named.join(','))
}

function withParameter(query: URLSearchParams, name: string, value: string | null) {
  const next = new URLSearchParams(query)
  if (value === null) next.delete(name)
  else next.set(name, value)
  return next
}
