import { useSyncExternalStore } from 'react'
import { createSwitch, useStore } from '../ui/store.ts'

const query = window.matchMedia('(max-width: 900px)')

const follow = (changed: () => void) => {
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}

/** No room for the sidebar beside the page. */
export const useNarrow = (): boolean => useSyncExternalStore(follow, () => query.matches)

/** A board may want the whole width; the sidebar then opens over the page. */
const kept = createSwitch('devgodzilla.sidebar')

export const sidebarKept = kept.get
export const keepSidebar = kept.set
/** Whether the sidebar stays beside the page where there is room. */
export const useSidebarKept = (): boolean => useStore(kept)
