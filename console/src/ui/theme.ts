import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'

/** public/theme.js reads the same key before the first paint. */
const key = 'devgodzilla.theme'
const listeners = new Set<() => void>()

function chosen(): Theme {
  const theme = document.documentElement.dataset.theme
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

export function choose(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  for (const changed of listeners) changed()
  try {
    if (theme === 'system') localStorage.removeItem(key)
    else localStorage.setItem(key, theme)
  } catch (error) {
    console.warn('The theme holds for this page alone: it cannot be stored.', error)
  }
}

const subscribe = (changed: () => void) => {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, chosen)
