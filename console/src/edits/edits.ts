import type { QueryClient } from '@tanstack/react-query'
import { get } from '../api/request.ts'
import type { Task } from '../api/types.ts'
import { sessionQuery } from '../session/session.ts'
import { announce } from '../ui/announcer.tsx'
import { dismissToast, toast } from '../ui/toasts.tsx'
import { placeEverywhere, readAgain, refreshVelocity, shownTasks } from './cached-tasks.ts'
import { seenOf, type TaskChanges, type TaskEdit, type Values } from './changes.ts'
import { type Beside, type Entry, type EntryItem, grouped, mostShared } from './entry.ts'
import { createFieldsShown } from './fields-shown.ts'
import { createHistory, type Done, doneItem } from './history.ts'
import { keep, placeOf, readKept } from './kept.ts'
import { createOutbox, type Overtaken } from './outbox.ts'
import { overlay } from './overlay.ts'
import { painted } from './painted.ts'
import { neighboursAmong, provisional } from './place.ts'
import { failureOf, send } from './send.ts'
import { tellArrived, tellNotUndone, tellOvertaken, tellRefused, toastOf, undoing } from './tell.ts'
import { labelOf, refusalOf } from './words.ts'

export interface EditOptions {
  /** What was done, to be read back: “T003 moved to Review”. */
  label?: string
}

export interface PlaceRequest {
  tasks: readonly Task[]
  /** The card before or after which they go, as it is shown; without one, last in their list. */
  before?: Task | undefined
  after?: Task | undefined
  /** Where they go besides: another column, lane or sprint. */
  changes?: Pick<
    TaskChanges,
    'board_status' | 'blocked_reason' | 'assignee' | 'sprint_id' | 'labels_add' | 'labels_remove'
  >
}

export type Edits = ReturnType<typeof createEdits>

/** What the calls of one edit share. */
type How = Pick<Entry, 'label' | 'group' | 'undoes'>

const newKey = () => crypto.randomUUID()

/** Everything that changes tasks in this window, for one person: the outbox, and its history. */
export function createEdits(client: QueryClient, person: string, storage = sessionStorage) {
  const history = createHistory()
  /** Which way the calls of an undo or a redo go. */
  const reversed = new Map<string, boolean>()
  const kept = readKept(storage.getItem(placeOf(person)))
  const fieldsShown = createFieldsShown()

  const outbox = createOutbox(
    {
      send: (entry) => painted().then(() => send(entry)),
      failureOf,
      newKey,
      read: (id) => get<Task>(`/tasks/${id}`),
      keep: (state) => keep(storage, person, state),
      onDone(entry, answer) {
        for (const task of answer.updated) placeEverywhere(client, task)
        refreshVelocity(client, entry, answer)
        history.answered(entry.group, answer, reversed.get(entry.group) ?? false)
        tellArrived(entry, answer)
      },
      onRefused(entry, items) {
        history.refused(
          entry.group,
          items.map(({ item }) => item.task.id),
        )
        const [only] = items
        const told =
          items.length === 1 && only && !entry.undoes && fieldsShown.refuse(only, only.item)
        if (!told) {
          tellRefused(entry, items, entry.undoes ? undoing(reversed.get(entry.group)) : refusalOf)
        }
        for (const { item } of items) readAgain(client, item.task)
      },
      onOvertaken(overtaken, entry) {
        history.refused(
          entry.group,
          overtaken.items.map(({ edit }) => edit.task.id),
        )
        for (const { theirs } of overtaken.items) placeEverywhere(client, theirs)
        if (entry.undoes) tellNotUndone(overtaken, reversed.get(entry.group))
        else tellDecision(overtaken)
      },
      onSignedOut() {
        toast({
          tone: 'warn',
          key: 'signed-out',
          title: 'Sign in again',
          detail: 'What you changed is kept and sent then.',
        })
        void client.invalidateQueries({ queryKey: sessionQuery.queryKey })
      },
    },
    kept,
  )

  const tellDecision = (overtaken: Overtaken) => {
    if (fieldsShown.shows(overtaken)) return
    tellOvertaken(overtaken, {
      keepMine: () => outbox.keepMine(overtaken.key),
      takeTheirs: () => outbox.takeTheirs(overtaken.key),
    })
  }
  const tellDecisions = () => {
    for (const overtaken of outbox.state().overtaken) {
      if (fieldsShown.shows(overtaken)) dismissToast(toastOf(overtaken.key))
      else tellDecision(overtaken)
    }
  }

  const perform = (edits: readonly EntryItem[], how: How, place: Beside | null) => {
    const groups = place === null ? grouped(edits) : [edits]
    outbox.add(groups.map((items) => ({ ...how, items, place, key: newKey(), sent: false })))
  }

  /** In as many calls as it takes, each behind the one before. */
  const placeAll = (edits: readonly EntryItem[], how: How, to: Beside) => {
    for (let at = 0; at < edits.length; at += mostShared) {
      const last = edits[at - 1]
      perform(edits.slice(at, at + mostShared), how, last ? { after: last.task.id } : to)
    }
  }

  /** Every card that a list holds, once, with the edits on their way. */
  const shown = (): Task[] => {
    const known = new Map(shownTasks(client).map((task) => [task.id, task]))
    return [...overlay([...known.values()], outbox.state().entries, () => true)]
  }

  const offerUndo = (label: string, group: string) =>
    toast({
      tone: 'info',
      key: 'edit',
      silent: true,
      title: label,
      actions: [{ label: 'Undo', run: () => undo(group) }],
    })

  const edit = (edits: readonly TaskEdit[], { label = labelOf(edits) }: EditOptions = {}) => {
    const items = edits.map((it) => ({ ...it, expected: seenOf(it) }))
    const done = items.map(doneItem)
    if (done.every(({ to }) => Object.keys(to).length === 0)) return
    const group = newKey()
    history.did({ group, label, items: done })
    perform(items, { label, group, undoes: false }, null)
    offerUndo(label, group)
  }

  const place = (request: PlaceRequest, { label }: EditOptions = {}) => {
    const { tasks, before, after, changes = {} } = request
    if (tasks.length === 0) return
    const all = shown()
    const beside = besideOf(before, after)
    const positions = provisional(all, tasks, { before, after, sprintId: changes.sprint_id })
    const edits = tasks.map((task, index) => ({
      task,
      changes: { ...changes, position: positions[index] ?? task.position },
    }))
    const said = label ?? labelOf(edits)
    const items = edits.map((it) => ({ ...it, expected: seenOf(it) }))
    const group = newKey()
    const stood = neighboursAmong(all, tasks)
    const done = items.map((item) => ({
      ...doneItem(item),
      places: { from: stood(item.task), to: beside },
    }))
    history.did({ group, label: said, items: done })
    placeAll(items, { label: said, group, undoes: false }, beside)
    offerUndo(said, group)
  }

  /** Carries out one side of what was done: where it came from, or where it went. */
  const restore = (done: Done, side: 'from' | 'to', group: string) => {
    const other = side === 'from' ? 'to' : 'from'
    const word = side === 'from' ? 'Undone' : 'Done again'
    const how = { label: `${word}: ${done.label}`, group, undoes: true }
    reversed.set(group, side === 'from')
    const plain: EntryItem[] = []
    const placed: { items: EntryItem[]; to: Beside; alike: string }[] = []
    for (const { task, places, ...values } of done.items) {
      const item = { task, changes: values[side], expected: values[other] }
      if (places === undefined) {
        plain.push(item)
        continue
      }
      const to = places[side]
      const alike = JSON.stringify([item.changes, item.expected, to])
      const before = placed.at(-1)
      if (before?.alike === alike) before.items.push(item)
      else placed.push({ items: [item], to, alike })
    }
    if (plain.length > 0) perform(plain, how, null)
    for (const { items, to } of placed) restorePlace(items, how, to)
    announce(how.label)
    toast({ tone: 'info', key: 'edit', silent: true, title: how.label })
  }

  /** Cards that stood together go back together, in the order that they had. */
  const restorePlace = (items: readonly EntryItem[], how: How, to: Beside) => {
    const all = shown()
    const of = (id: number | undefined) => all.find((task) => task.id === id)
    const tasks = items.map(({ task }) => task)
    const sprintId = items[0]?.changes.sprint_id
    const positions = provisional(all, tasks, {
      before: of(to.before),
      after: of(to.after),
      sprintId,
    })
    const restored = items.map((item, index) => {
      const { blocked_reason, ...changes } = item.changes
      const reason = changes.board_status === 'blocked' ? { blocked_reason } : {}
      const position = positions[index] ?? item.task.position
      return { ...item, changes: { ...changes, ...reason, position } as Values }
    })
    placeAll(restored, how, to)
  }

  const undo = (group?: string) => {
    const next = newKey()
    const done = history.takeUndo(next, group)
    if (done === undefined) return
    dismissToast('edit')
    if (outbox.withdraw(done.group)) {
      announce(`Undone: ${done.label}`)
      toast({ tone: 'info', key: 'edit', silent: true, title: `Undone: ${done.label}` })
      return
    }
    restore(done, 'from', next)
  }

  const redo = () => {
    const next = newKey()
    const done = history.takeRedo(next)
    if (done) restore(done, 'to', next)
  }

  return {
    person,
    outbox,
    history,
    edit,
    place,
    undo,
    redo,
    /**
     * While a field is shown, it tells by itself that an edit of it was refused or overtaken.
     * Without it, a message does.
     */
    tellBeside(...field: Parameters<typeof fieldsShown.add>): () => void {
      const leave = fieldsShown.add(...field)
      tellDecisions()
      return () => {
        leave()
        tellDecisions()
      }
    },
    decide(key: string, whose: 'mine' | 'theirs') {
      dismissToast(toastOf(key))
      if (whose === 'mine') outbox.keepMine(key)
      else outbox.takeTheirs(key)
    },
    /** What an earlier page of this tab left is sent, and asked about, now. */
    start() {
      if (kept.unreadable > 0) {
        toast({
          tone: 'bad',
          key: 'unreadable',
          title: 'Some edits were lost',
          detail: 'What this tab had kept of them could not be read.',
        })
      }
      tellDecisions()
    },
    forget() {
      outbox.clear()
      history.clear()
    },
  }
}

const besideOf = (before: Task | undefined, after: Task | undefined): Beside =>
  after ? { after: after.id } : before ? { before: before.id } : {}
