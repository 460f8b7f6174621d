import { useSyncExternalStore } from 'react'

/** What lies over the page: everything, tasks alone, or the keys. */
export type Overlay = 'all' | 'tasks' | 'help'

let shown: Overlay | null = null
const listeners = new Set<() => void>()

function show(overlay: Overlay | null): void {
  shown = overlay
  for (const changed of listeners) changed()
}

export const openPalette = (overlay: Overlay) => show(overlay)
export const closePalette = () => show(null)

const subscribe = (changed: () => void) => {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

export const useOverlay = (): Overlay | null => useSyncExternalStore(subscribe, () => shown)
