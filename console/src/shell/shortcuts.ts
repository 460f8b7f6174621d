import { announce } from '../ui/announcer.tsx'
import { createSwitch, useStore } from '../ui/store.ts'

/** Whoever speaks to the machine, or whose hands shake, turns keys without Ctrl or ⌘ off. */
const shortcuts = createSwitch('devgodzilla.shortcuts')

export const shortcutsOn = shortcuts.get
export const useShortcuts = (): boolean => useStore(shortcuts)

export function setShortcuts(wanted: boolean): void {
  shortcuts.set(wanted)
  announce(wanted ? 'Single-key shortcuts are on.' : 'Single-key shortcuts are off.')
}
