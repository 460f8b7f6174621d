import { useEffect } from 'react'
import { allActions } from './actions.ts'
import { keyName } from './key-name.ts'

/** How long the second key of `G B` may take (ms). */
const patience = 1500

export const isMac = navigator.platform.startsWith('Mac')

/** Letters do nothing in these by themselves. */
const noText = '[type="checkbox"], [type="radio"]'
/** What somebody types into has the keys for itself. */
export const isField = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches(`input:not(${noText}), textarea, select`))

/** So has an open dialog or menu. */
export const somethingIsOpen = () => document.querySelector('dialog[open], :popover-open') !== null

/** Runs actions by their keys. Keys without Ctrl or ⌘ are left alone while somebody types. */
export function useActionKeys(enabled: boolean): void {
  useEffect(() => {
    let before: { name: string; at: number } | null = null
    const can = () => allActions().filter(({ run, local }) => run && !local)
    /** The second key of `G B` is nobody else's, wherever the focus is. */
    const go = (event: KeyboardEvent) => {
      if (before === null || event.isComposing || isField(event.target) || somethingIsOpen()) return
      const name = keyName(event, isMac)
      if (name === null) return
      const { name: first, at } = before
      before = null
      if (event.timeStamp - at >= patience) return
      const action = can().find(({ keys }) => keys?.includes(`${first} ${name}`))
      if (action === undefined) return
      event.preventDefault()
      event.stopPropagation()
      action.run?.()
    }
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const name = keyName(event, isMac)
      if (name === null) return
      const withMod = name.startsWith('Mod+')
      if (!withMod && (!enabled || isField(event.target))) return
      if (somethingIsOpen()) return

      const action = can().find(({ keys }) => keys?.includes(name))
      const begins = can().some(({ keys }) => keys?.some((it) => it.startsWith(`${name} `)))
      before = action === undefined && begins ? { name, at: event.timeStamp } : null
      if (action === undefined) return
      event.preventDefault()
      action.run?.()
    }
    document.addEventListener('keydown', go, true)
    document.addEventListener('keydown', press)
    return () => {
      document.removeEventListener('keydown', go, true)
      document.removeEventListener('keydown', press)
    }
  }, [enabled])
}
