import { useSyncExternalStore } from 'react'

const base = '/console'
const moved = 'console:moved'

/** The address below the base: path and query, such as `/sprints?status=active`. */
export function currentAddress(): string {
  const { pathname, search } = window.location
  const path = pathname.startsWith(base) ? pathname.slice(base.length) : pathname
  return (path === '' ? '/' : path) + search
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('popstate', changed)
  window.addEventListener(moved, changed)
  return () => {
    window.removeEventListener('popstate', changed)
    window.removeEventListener(moved, changed)
  }
}

export const hrefOf = (to: string) => base + to

export function navigate(to: string, { replace = false } = {}): void {
  if (replace) window.history.replaceState(null, '', hrefOf(to))
  else window.history.pushState(null, '', hrefOf(to))
  window.dispatchEvent(new Event(moved))
}

/** Stays on the page and changes what its address says after the `?`. */
export function changeQuery(
  change: (query: URLSearchParams) => URLSearchParams,
  how?: { replace?: boolean },
): void {
  const [path = '/', search] = currentAddress().split('?', 2)
  const query = change(new URLSearchParams(search))
  navigate(path + (query.size > 0 ? `?${query}` : ''), how)
}

/** Of a query; null takes the parameter away. */
export function withParameter(query: URLSearchParams, name: string, value: string | null) {
  const next = new URLSearchParams(query)
  if (value === null) next.delete(name)
  else next.set(name, value)
  return next
}

export function useLocation(): { path: string; query: URLSearchParams } {
  const address = useSyncExternalStore(subscribe, currentAddress)
  const mark = address.indexOf('?')
  return mark < 0
    ? { path: address, query: new URLSearchParams() }
    : { path: address.slice(0, mark), query: new URLSearchParams(address.slice(mark)) }
}
