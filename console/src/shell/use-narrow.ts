import { useSyncExternalStore } from 'react'

const query = window.matchMedia('(max-width: 900px)')

const follow = (changed: () => void) => {
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}

/** No room for the sidebar beside the page. */
export const useNarrow = (): boolean => useSyncExternalStore(follow, () => query.matches)

const key = 'devgodzilla.sidebar'
const listeners = new Set<() => void>()
let kept = stored()

function stored(): boolean {
  try {
    return localStorage.getItem(key) !== 'hidden'
  } catch {
    return true
  }
}

export const sidebarKept = (): boolean => kept

/** A board may want the whole width; the sidebar then opens over the page. */
export function keepSidebar(wanted: boolean): void {
  kept = wanted
  for (const changed of listeners) changed()
  try {
    if (wanted) localStorage.removeItem(key)
    else localStorage.setItem(key, 'hidden')
  } catch (error) {
    console.warn('This holds for this page alone: it cannot be stored.', error)
  }
}

const subscribe = (changed: () => void) => {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

/** Whether the sidebar stays beside the page where there is room. */
export const useSidebarKept = (): boolean => useSyncExternalStore(subscribe, sidebarKept)
