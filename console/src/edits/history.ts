import type { Task } from '../api/types.ts'
import { applyChanges, differences, type Values } from './changes.ts'
import type { Beside, EntryItem } from './entry.ts'
import type { Answer } from './outbox.ts'

/** What one edit by a person made of one task. */
export interface DoneItem {
  task: Task
  from: Values
  to: Values
  /** Beside what it stood, and beside what it was put; where its place changed. */
  places?: { from: Beside; to: Beside }
}

export interface Done {
  group: string
  label: string
  items: readonly DoneItem[]
}

const longest = 100

export function doneItem({ task, changes }: EntryItem): DoneItem {
  const { position: _, ...others } = changes
  const after = applyChanges(task, others)
  return { task, from: differences(task, after), to: differences(after, task) }
}

/** Edits that can be undone and redone, the last first. */
export function createHistory() {
  const listeners = new Set<() => void>()
  let stacks: { undo: readonly Done[]; redo: readonly Done[] } = { undo: [], redo: [] }
  const set = (next: Partial<typeof stacks>) => {
    stacks = { ...stacks, ...next }
    for (const changed of listeners) changed()
  }
  const push = (stack: readonly Done[], done: Done) => [...stack, done].slice(-longest)
  /** Changes what is known of an edit, wherever it stands; nothing left of it: it goes. */
  const change = (group: string, each: (item: DoneItem) => DoneItem | null) => {
    const changed = (stack: readonly Done[]) =>
      stack.flatMap((done) => {
        if (done.group !== group) return [done]
        const items = done.items.flatMap((item) => each(item) ?? [])
        return items.length === 0 ? [] : [{ ...done, items }]
      })
    set({ undo: changed(stacks.undo), redo: changed(stacks.redo) })
  }
  return {
    stacks: () => stacks,
    subscribe(changed: () => void): () => void {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    did(done: Done) {
      set({ undo: push(stacks.undo, done), redo: [] })
    },
    /** Takes the last one, or that of a group; what is undone can be redone under a new group. */
    takeUndo(newGroup: string, group?: string): Done | undefined {
      const done = stacks.undo.findLast((it) => group === undefined || it.group === group)
      if (done === undefined) return undefined
      set({
        undo: stacks.undo.filter((it) => it !== done),
        redo: push(stacks.redo, { ...done, group: newGroup }),
      })
      return done
    },
    takeRedo(newGroup: string): Done | undefined {
      const done = stacks.redo.at(-1)
      if (done === undefined) return undefined
      set({
        redo: stacks.redo.slice(0, -1),
        undo: push(stacks.undo, { ...done, group: newGroup }),
      })
      return done
    },
    /** The server may have made something else of it: that is what an undo starts from. */
    answered(group: string, { updated }: Answer, reversed: boolean) {
      const byId = new Map(updated.map((task) => [task.id, task]))
      const side = reversed ? 'from' : 'to'
      change(group, (item) => {
        const now = byId.get(item.task.id)
        if (now === undefined) return item
        const told = Object.fromEntries(
          Object.keys(item[side]).map((field) => [field, now[field as keyof Values]]),
        )
        return { ...item, task: now, [side]: told }
      })
    },
    /** What was refused was never done. */
    refused(group: string, taskIds: readonly number[]) {
      change(group, (item) => (taskIds.includes(item.task.id) ? null : item))
    },
    clear: () => set({ undo: [], redo: [] }),
  }
}

export type History = ReturnType<typeof createHistory>
