import { createStore, useStore } from '../ui/store.ts'

/** What lies over the page: everything, tasks alone, or the keys. */
export type Overlay = 'all' | 'tasks' | 'help'

const shown = createStore<Overlay | null>(null)

export const openPalette = (overlay: Overlay) => shown.set(overlay)
export const closePalette = () => shown.set(null)
export const useOverlay = (): Overlay | null => useStore(shown)
