import { createContext, use, useSyncExternalStore } from 'react'

/**
 * The card that the keyboard is on: the board's one tab stop. It stays drawn wherever it is, so
 * that scrolling it off, or a move to another column, does not lose the focus.
 */
export interface ActiveCard {
  readonly id: number | undefined
  set(id: number): void
  /** Tells the order of the cards: where the active one is gone, the next takes its place. */
  arrange(order: readonly number[]): void
  subscribe(changed: () => void): () => void
}

export function createActiveCard(): ActiveCard {
  const listeners = new Set<() => void>()
  let id: number | undefined
  let chosen = false
  let known: readonly number[] = []
  const set = (next: number | undefined) => {
    if (next === id) return
    id = next
    for (const changed of listeners) changed()
  }
  return {
    get id() {
      return id
    },
    set(next) {
      chosen = true
      set(next)
    },
    arrange(order) {
      const before = known
      known = order
      if (chosen && id !== undefined && order.includes(id)) return
      const at = chosen && id !== undefined ? before.indexOf(id) : -1
      const near = at < 0 ? [] : [...before.slice(at + 1), ...before.slice(0, at).reverse()]
      const there = new Set(order)
      const next = near.find((it) => there.has(it))
      chosen = next !== undefined
      set(next ?? order[0])
    },
    subscribe(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
  }
}

export const ActiveCardContext = createContext<ActiveCard>(createActiveCard())

export function useIsActive(id: number): boolean {
  const active = use(ActiveCardContext)
  return useSyncExternalStore(active.subscribe, () => active.id === id)
}

/** Where the active card is among these; -1 where it is not. Drawn again only when that changes. */
export function useActiveIndex(tasks: readonly { id: number }[]): number {
  const active = use(ActiveCardContext)
  return useSyncExternalStore(active.subscribe, () => tasks.findIndex(({ id }) => id === active.id))
}
