import { createContext, use, useCallback, useMemo, useSyncExternalStore } from 'react'
import type { Task } from '../api/types.ts'
import type { TaskEdit } from './changes.ts'
import type { EditOptions, Edits, PlaceRequest } from './edits.ts'
import type { Entry } from './entry.ts'
import type { OutboxState } from './outbox.ts'
import { overlaid, overlay } from './overlay.ts'

export const EditsContext = createContext<Edits | null>(null)

export function useAllEdits(): Edits {
  const edits = use(EditsContext)
  if (edits === null) throw new Error('edits are made where somebody is signed in')
  return edits
}

interface EditVerbs {
  /** Changes tasks: shown at once, kept while the server is away, undoable as one. */
  edit: (edits: readonly TaskEdit[], options?: EditOptions) => void
  /** Puts tasks before or after another one, maybe in another column or sprint. */
  place: (request: PlaceRequest, options?: EditOptions) => void
  undo: () => void
  redo: () => void
}

export function useEdits(): EditVerbs {
  const edits = useAllEdits()
  return useMemo(
    () => ({
      edit: edits.edit,
      place: edits.place,
      undo: () => edits.undo(),
      redo: () => edits.redo(),
    }),
    [edits],
  )
}

/** A part of what is on its way; drawn again only when that part changes. */
export function useOutbox<T>(part: (state: OutboxState) => T): T {
  const { outbox } = useAllEdits()
  return useSyncExternalStore(outbox.subscribe, () => part(outbox.state()))
}

const entriesOf = ({ entries }: OutboxState): readonly Entry[] => entries

/** A list of tasks with the edits on their way; `holds` must stay the same function. */
export function useOverlay(
  tasks: readonly Task[] | undefined,
  holds: (task: Task) => boolean,
): readonly Task[] | undefined {
  const entries = useOutbox(entriesOf)
  return useMemo(
    () => tasks && overlay(tasks.filter(holds), entries, holds),
    [tasks, entries, holds],
  )
}

/** One task with the edits on their way. */
export function useOverlaid<T extends Task | undefined>(task: T): T {
  const entries = useOutbox(entriesOf)
  return useMemo(() => (task && overlaid(task, entries)) as T, [task, entries])
}

/** Whether an edit of this card waits for the server to come back, or for its person to sign in. */
export function useUnsent(taskId: number): boolean {
  return useOutbox(
    useCallback(
      ({ entries, away, signedOut }: OutboxState) =>
        (away || signedOut) &&
        entries.some(({ items }) => items.some(({ task }) => task.id === taskId)),
      [taskId],
    ),
  )
}
