import { useSyncExternalStore } from 'react'

/** A value of the whole window, and who is told when it changes. */
export interface Store<T> {
  get: () => T
  set: (value: T) => void
  subscribe: (changed: () => void) => () => void
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      value = next
      for (const changed of listeners) changed()
    },
    subscribe(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
  }
}

export const useStore = <T>({ subscribe, get }: Store<T>): T => useSyncExternalStore(subscribe, get)

/** A switch that this browser remembers; on, until it was turned off. */
export function createSwitch(key: string): Store<boolean> {
  const store = createStore(stored(key) !== 'off')
  return {
    ...store,
    set(on) {
      store.set(on)
      try {
        if (on) localStorage.removeItem(key)
        else localStorage.setItem(key, 'off')
      } catch (error) {
        console.warn('This holds for this page alone: it cannot be stored.', error)
      }
    },
  }
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
