import { createContext } from 'react'
import type { StepRun, Task } from '../api/types.ts'

/** What cards can do, and what they are drawn with beside their own task; all of it lasts. */
export interface BoardActions {
  open(code: string): void
  /** Asks where to; absent where nothing may be moved. */
  move: ((task: Task, anchor: HTMLElement) => void) | undefined
  steps: ReadonlyMap<number, StepRun>
  /** Code of the card that the side peek shows. */
  peeked: string | null
}

export const BoardActionsContext = createContext<BoardActions>({
  open: () => {},
  move: undefined,
  steps: new Map(),
  peeked: null,
})
