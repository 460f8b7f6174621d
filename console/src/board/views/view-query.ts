/** Which view an address has come from, and what an address says that is no part of a view. */
export const viewParameter = 'view'
const passing = [viewParameter, 'task']

/** What of an address a view keeps: filters, lanes, columns. */
export function kept(query: URLSearchParams): string {
  const view = new URLSearchParams(query)
  for (const name of passing) view.delete(name)
  return view.toString()
}

/** The address with a view in place of what it showed; an open card stays open. */
export function opened(query: URLSearchParams, view: { id: number; query: string }) {
  const next = new URLSearchParams(view.query)
  next.set(viewParameter, String(view.id))
  const task = query.get('task')
  if (task !== null) next.set('task', task)
  return next
}

/** Whether two say the same, in whatever order. */
export function sameView(one: string, other: string): boolean {
  const sorted = (query: string) => {
    const parameters = [...new URLSearchParams(query)].map((pair) => JSON.stringify(pair))
    return parameters.sort().join()
  }
  return sorted(one) === sorted(other)
}
