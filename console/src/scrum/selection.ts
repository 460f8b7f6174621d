import { createContext, use, useSyncExternalStore } from 'react'

/** Which cards of a board are selected, for what is done to several at once. */
export interface Selection {
  readonly ids: ReadonlySet<number>
  toggle(id: number): void
  /** Selects all from the card that was chosen last to this one, in the order of the board. */
  extendTo(id: number): void
  only(id: number): void
  /** Adds these, such as all of a column. */
  add(ids: readonly number[]): void
  clear(): void
}

export interface SelectionStore extends Selection {
  subscribe(changed: () => void): () => void
  /** Tells the order of the cards on the board; what is there no longer is no longer selected. */
  arrange(order: readonly number[]): void
}

const nothing: ReadonlySet<number> = new Set()

export function createSelection(): SelectionStore {
  const listeners = new Set<() => void>()
  let ids = nothing
  let order: readonly number[] = []
  /** Where a range begins, and how far it reaches: extending it again lets go of the rest. */
  let anchor: number | undefined
  let reach: readonly number[] = []

  const set = (next: ReadonlySet<number>) => {
    ids = next.size === 0 ? nothing : next
    for (const changed of listeners) changed()
  }
  const begin = (id: number | undefined) => {
    anchor = id
    reach = []
  }
  return {
    get ids() {
      return ids
    },
    subscribe(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    toggle(id) {
      begin(id)
      const next = new Set(ids)
      if (!next.delete(id)) next.add(id)
      set(next)
    },
    extendTo(id) {
      const from = order.indexOf(anchor ?? id)
      const to = order.indexOf(id)
      if (to < 0) return
      const range = from < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1)
      const next = new Set(ids)
      for (const it of reach) next.delete(it)
      for (const it of range) next.add(it)
      anchor ??= id
      reach = range
      set(next)
    },
    only(id) {
      begin(id)
      set(new Set([id]))
    },
    add(more) {
      begin(more[0])
      set(new Set([...ids, ...more]))
    },
    clear() {
      begin(undefined)
      if (ids.size > 0) set(nothing)
    },
    arrange(next) {
      order = next
      if (ids.size === 0) return
      const there = new Set(order)
      const left = [...ids].filter((id) => there.has(id))
      if (left.length < ids.size) set(new Set(left))
    },
  }
}

/** The selection of the board that is shown; each board has one of its own. */
export const SelectionContext = createContext<SelectionStore>(createSelection())

/** The selection as it is now; whoever reads it is drawn again when it changes. */
export function useSelection(): Selection {
  const store = use(SelectionContext)
  useSyncExternalStore(store.subscribe, () => store.ids)
  return store
}

/** Whether one card is selected: only this card is drawn again when that changes. */
export function useSelected(id: number): boolean {
  const store = use(SelectionContext)
  return useSyncExternalStore(store.subscribe, () => store.ids.has(id))
}
