import { useSyncExternalStore } from 'react'
import { announce } from '../ui/announcer.tsx'

const key = 'devgodzilla.shortcuts'
const listeners = new Set<() => void>()
let on = stored()

function stored(): boolean {
  try {
    return localStorage.getItem(key) !== 'off'
  } catch {
    return true
  }
}

export const shortcutsOn = (): boolean => on

/** Whoever speaks to the machine, or whose hands shake, turns keys without Ctrl or ⌘ off. */
export function setShortcuts(wanted: boolean): void {
  on = wanted
  for (const changed of listeners) changed()
  announce(wanted ? 'Single-key shortcuts are on.' : 'Single-key shortcuts are off.')
  try {
    if (wanted) localStorage.removeItem(key)
    else localStorage.setItem(key, 'off')
  } catch (error) {
    console.warn('This holds for this page alone: it cannot be stored.', error)
  }
}

const subscribe = (changed: () => void) => {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

export const useShortcuts = (): boolean => useSyncExternalStore(subscribe, shortcutsOn)
