import { useEffect, useEffectEvent, useId } from 'react'
import { createStore, useStore } from '../ui/store.ts'

/** Something a person can do here: a line of the palette and of the help, maybe with keys. */
export interface Action {
  /** Stable, such as `board.create-task`. */
  id: string
  /** What it does, as an order: “Create a task”. */
  title: string
  /** Where it belongs in palette and help: “Board”, “Go to”. */
  group: string
  /**
   * Keys as they are shown: `C`, `?`, `Shift+J`, `Mod+K` (⌘ on a Mac, else Ctrl), or one after the
   * other as `G B`. Several ways are several entries.
   */
  keys?: readonly string[]
  /** Told in the help alone: the keys are handled where the focus is, such as on a card. */
  local?: boolean
  run?: () => void
}

const registered = new Map<string, readonly Action[]>()
const all = createStore<readonly Action[]>([])
const changed = () => all.set([...registered.values()].flat())

/** Everything that can be done now, in the order it came up. */
export const useAllActions = (): readonly Action[] => useStore(all)
export const allActions = all.get

/** Offers actions while the caller is on the page; `run` always sees what was rendered last. */
export function useActions(actions: readonly Action[]): void {
  const owner = useId()
  const run = useEffectEvent((id: string) => actions.find((it) => it.id === id)?.run?.())
  // What palette and help show of them: only that calls for telling them again.
  const shown = JSON.stringify(actions.map(({ run: does, ...rest }) => ({ ...rest, runs: !!does })))

  useEffect(() => {
    const told = JSON.parse(shown) as (Omit<Action, 'run'> & { runs: boolean })[]
    registered.set(
      owner,
      told.map(({ runs, ...action }) => ({
        ...action,
        ...(runs ? { run: () => run(action.id) } : {}),
      })),
    )
    changed()
    return () => {
      registered.delete(owner)
      changed()
    }
  }, [owner, shown])
}
