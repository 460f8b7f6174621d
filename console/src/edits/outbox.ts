import type { Task } from '../api/types.ts'
import { byTimer, type Later } from '../live/stream.ts'
import type { Values } from './changes.ts'
import { type Entry, type EntryItem, rebased, separated, touched } from './entry.ts'

export interface Refusal {
  rule: string | undefined
  detail: string
}

/** What the API made of one call. */
export interface Answer {
  updated: readonly Task[]
  refused: readonly (Refusal & { task_id: number })[]
  warnings: readonly { task_id: number; detail: string }[]
}

/** Why a call has no answer: nobody was there, nobody is signed in, or a rule forbids it. */
export type Failure = { kind: 'away' } | { kind: 'signed-out' } | ({ kind: 'refused' } & Refusal)

export const overtakenRule = 'task_changed_meanwhile'

/** An edit of something that somebody else changed meanwhile; the person decides. */
export interface Overtaken {
  key: string
  label: string
  group: string
  items: readonly { edit: EntryItem; theirs: Task }[]
}

export interface OutboxState {
  /** In the order in which they were made. */
  entries: readonly Entry[]
  overtaken: readonly Overtaken[]
  /** Nobody answers: what is not sent is kept. */
  away: boolean
  signedOut: boolean
}

export interface OutboxOptions {
  /** Sends one call; rejects with what `failureOf` understands. */
  send(entry: Entry): Promise<Answer>
  failureOf(error: unknown): Failure
  /** Reads a task as it is now. */
  read(taskId: number): Promise<Task>
  newKey(): string
  /** Keeps the state over a reload. */
  keep(state: Pick<OutboxState, 'entries' | 'overtaken'>): void
  onDone(entry: Entry, answer: Answer): void
  onRefused(entry: Entry, items: readonly (Refusal & { item: EntryItem })[]): void
  onOvertaken(overtaken: Overtaken, entry: Entry): void
  onSignedOut(): void
  later?: Later
  /** From 0 to 1, so that many windows do not come back in step. */
  chance?: () => number
}

const firstWait = 1_000
const longestWait = 15_000
const mostAtOnce = 4

const asBefore = ({ task, expected }: EntryItem): Values => ({ ...task, ...expected })

export type Outbox = ReturnType<typeof createOutbox>

/**
 * Edits on their way to the API: sent in their order for each card, repeated under the same key
 * until there is an answer, and kept as long as there is none.
 */
export function createOutbox(
  options: OutboxOptions,
  kept: Pick<OutboxState, 'entries' | 'overtaken'> = { entries: [], overtaken: [] },
) {
  const { send, failureOf, read, newKey, later = byTimer, chance = Math.random } = options
  const listeners = new Set<() => void>()
  const flying = new Set<string>()
  let state: OutboxState = { ...kept, away: false, signedOut: false }
  let wait = firstWait
  let cancel: (() => void) | undefined
  let halted = false

  const set = (next: Partial<OutboxState>) => {
    state = { ...state, ...next }
    if (next.entries || next.overtaken) options.keep(state)
    for (const changed of listeners) changed()
  }

  /** Takes items out of the queue: what was made on top of them is made on top of `truth`. */
  const settle = (
    entry: Entry,
    items: readonly EntryItem[],
    truth: (item: EntryItem) => Values,
  ) => {
    const at = state.entries.findIndex(({ key }) => key === entry.key)
    if (at < 0) return
    let after = state.entries.slice(at + 1)
    for (const item of items) after = rebased(after, item, truth(item))
    set({ entries: [...state.entries.slice(0, at), ...after] })
  }

  const pump = () => {
    if (halted || state.signedOut || cancel) return
    const busy = new Set<number>()
    const most = state.away ? 1 : mostAtOnce
    for (let index = 0; index < state.entries.length && flying.size < most; index++) {
      let entry = state.entries[index]
      if (entry === undefined) return
      const ids = touched(entry)
      const free = ids.every((id) => !busy.has(id))
      for (const id of ids) busy.add(id)
      if (!free || flying.has(entry.key)) continue
      if (!entry.sent) {
        const parts = separated(entry, newKey).map((it, part) => ({ ...it, sent: part === 0 }))
        set({ entries: state.entries.toSpliced(index, 1, ...parts) })
        entry = state.entries[index] ?? entry
      }
      flying.add(entry.key)
      void fly(entry)
    }
  }

  const fly = async (entry: Entry) => {
    const answer = await send(entry).catch((error: unknown) => failureOf(error))
    if ('kind' in answer) await failed(entry, answer)
    else await arrived(entry, answer)
    flying.delete(entry.key)
    pump()
  }

  /** Somebody has answered, whatever it was. */
  const heard = () => {
    wait = firstWait
    cancel?.()
    cancel = undefined
    if (state.away) set({ away: false })
  }

  const arrived = async (entry: Entry, answer: Answer) => {
    heard()
    const now = new Map(answer.updated.map((task) => [task.id, task]))
    const refused = new Map(answer.refused.map((it) => [it.task_id, it]))
    const late = entry.items.filter(({ task }) => refused.get(task.id)?.rule === overtakenRule)
    const bad = entry.items.flatMap((item) => {
      const refusal = refused.get(item.task.id)
      return refusal && !late.includes(item) ? [{ ...refusal, item }] : []
    })
    const theirs = await readAll(late)
    if (theirs === null) return stayAway()
    options.onDone(entry, answer)
    settle(entry, entry.items, (item) => now.get(item.task.id) ?? asBefore(item))
    if (bad.length > 0) options.onRefused(entry, bad)
    if (late.length > 0) overtake({ ...entry, items: late }, theirs)
  }

  const failed = async (entry: Entry, failure: Failure) => {
    if (failure.kind === 'away') return stayAway()
    heard()
    if (failure.kind === 'signed-out') {
      set({ signedOut: true })
      return options.onSignedOut()
    }
    if (failure.rule === overtakenRule) {
      const theirs = await readAll(entry.items)
      if (theirs === null) return stayAway()
      settle(entry, entry.items, asBefore)
      return overtake(entry, theirs)
    }
    settle(entry, entry.items, asBefore)
    options.onRefused(
      entry,
      entry.items.map((item) => ({ ...failure, item })),
    )
  }

  const stayAway = () => {
    if (!state.away) set({ away: true })
    if (cancel) return
    cancel = later(
      () => {
        cancel = undefined
        pump()
      },
      wait * (0.75 + chance() / 2),
    )
    wait = Math.min(wait * 2, longestWait)
  }

  /** The tasks as they are now; null where nobody answers, so that the edit is tried again. */
  const readAll = async (items: readonly EntryItem[]): Promise<Map<number, Task> | null> => {
    try {
      const tasks = await Promise.all(items.map(({ task }) => read(task.id)))
      return new Map(tasks.map((task) => [task.id, task]))
    } catch (error) {
      if (failureOf(error).kind === 'refused') return new Map()
      return null
    }
  }

  /** A later edit of the same card takes the place of this one: it says what the person wants. */
  const overtake = (entry: Entry, theirs: ReadonlyMap<number, Task>) => {
    const items = entry.items.flatMap((edit) => {
      const task = theirs.get(edit.task.id)
      const newer = state.entries.some((it) =>
        it.items.some(
          (other) =>
            other.task.id === edit.task.id &&
            Object.keys(edit.changes).every((field) => field in other.changes),
        ),
      )
      return task === undefined || newer ? [] : [{ edit, theirs: task }]
    })
    if (items.length === 0) return
    const overtaken = { key: newKey(), label: entry.label, group: entry.group, items }
    if (!entry.undoes) set({ overtaken: [...state.overtaken, overtaken] })
    options.onOvertaken(overtaken, entry)
  }

  const take = (key: string): Overtaken | undefined => {
    const found = state.overtaken.find((it) => it.key === key)
    if (found) set({ overtaken: state.overtaken.filter((it) => it !== found) })
    return found
  }

  const wake = () => {
    cancel?.()
    cancel = undefined
    wait = firstWait
    pump()
  }

  return {
    state: () => state,
    subscribe(changed: () => void): () => void {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    add(entries: readonly Entry[]) {
      set({ entries: [...state.entries, ...entries] })
      pump()
    },
    /** Tries at once what waits: somebody has been heard of the server. */
    wake,
    /** Somebody is signed in again. */
    resume() {
      if (state.signedOut) set({ signedOut: false })
      wake()
    },
    /** Another person is here: what waits stays kept for its own, and is sent no more from here. */
    halt() {
      halted = true
      cancel?.()
      cancel = undefined
    },
    /** Whether all has arrived, and been decided, at once or within `ms`. */
    settled(ms: number): Promise<boolean> {
      const isDone = () => state.entries.length + state.overtaken.length === 0
      return new Promise((resolve) => {
        const answer = () => {
          stopWaiting()
          listeners.delete(look)
          resolve(isDone())
        }
        const look = () => isDone() && answer()
        const stopWaiting = later(answer, ms)
        listeners.add(look)
        look()
      })
    },
    /** Takes back what was never sent; false where some of it may have arrived. */
    withdraw(group: string): boolean {
      const mine = state.entries.filter((entry) => entry.group === group)
      if (mine.length === 0 || mine.some(({ sent }) => sent)) return false
      for (const entry of mine) settle(entry, entry.items, asBefore)
      return true
    },
    /** My values over theirs, which have been seen now; sent as a new edit. */
    keepMine(key: string) {
      const found = take(key)
      if (found === undefined) return
      const entry = {
        key: newKey(),
        label: found.label,
        group: newKey(),
        undoes: false,
        place: null,
        sent: false,
      }
      const items = found.items.map(({ edit, theirs }) => ({
        task: theirs,
        changes: edit.changes,
        expected: Object.fromEntries(
          Object.keys(edit.expected).map((field) => [field, theirs[field as keyof Values]]),
        ),
      }))
      set({ entries: [...state.entries, { ...entry, items }] })
      pump()
    },
    takeTheirs: (key: string) => void take(key),
    clear() {
      cancel?.()
      cancel = undefined
      set({ entries: [], overtaken: [], away: false, signedOut: false })
    },
  }
}
