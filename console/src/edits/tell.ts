import type { Task } from '../api/types.ts'
import { columnNames } from '../scrum/columns.ts'
import { shortId } from '../scrum/short-id.ts'
import { fieldName, fieldValue } from '../scrum/task-fields.ts'
import { announce } from '../ui/announcer.tsx'
import { toast } from '../ui/toasts.tsx'
import { applyChanges, same, type TaskChanges } from './changes.ts'
import type { Entry, EntryItem } from './entry.ts'
import type { Answer, Overtaken, Refusal } from './outbox.ts'

/** Why some cards of an edit stay as they are; the rule once where it is the same for all. */
export function tellRefused(
  entry: Entry,
  items: readonly (Refusal & { item: EntryItem })[],
  titleOf: (task: Task, changes: TaskChanges) => string,
): void {
  const [first] = items
  if (first === undefined) return
  const rule = items.every((it) => it.rule === first.rule) ? first.rule : undefined
  if (entry.items.length === 1) {
    const title = titleOf(first.item.task, first.item.changes)
    toast({ tone: 'bad', title, detail: first.detail, ...(rule ? { rule } : {}) })
    return
  }
  const named = rule === undefined
  toast({
    tone: 'bad',
    title: `${items.length} of ${entry.items.length} cards stay as they are`,
    lines: items.map(
      (it) => `${shortId(it.item.task)}: ${it.detail}${named && it.rule ? ` (${it.rule})` : ''}`,
    ),
    ...(rule ? { rule } : {}),
  })
}

/** What the server did otherwise than asked, or in spite of something. */
export function tellWarnings(entry: Entry, { updated, warnings }: Answer): void {
  if (warnings.length === 0) return
  const byId = new Map(updated.map((task) => [task.id, task]))
  const [only] = updated
  if (updated.length === 1 && only) {
    const wanted = entry.items[0]?.changes.board_status
    const stays = wanted !== undefined && only.board_status !== wanted
    const place = columnNames[only.board_status]
    toast({
      tone: 'warn',
      title: `${shortId(only)} ${stays ? 'stays in' : 'moved to'} ${place}`,
      detail: warnings.map(({ detail }) => detail).join(' '),
    })
    return
  }
  toast({
    tone: 'warn',
    title: entry.label,
    lines: warnings.map(({ task_id, detail }) => {
      const task = byId.get(task_id)
      return task ? `${shortId(task)}: ${detail}` : detail
    }),
  })
}

const longestValue = 200
const short = (text: string) =>
  text.length > longestValue ? `${text.slice(0, longestValue)}…` : text

/** The message that asks about an overtaken edit. */
export const toastOf = (key: string) => `overtaken ${key}`

/** Both values, and the choice between them. */
export function tellOvertaken(
  { key, items }: Overtaken,
  { keepMine, takeTheirs }: { keepMine: () => void; takeTheirs: () => void },
): void {
  const [first] = items
  if (first === undefined) return
  const lines = items.flatMap(({ edit, theirs }) => {
    const mine = applyChanges(theirs, edit.changes)
    return Object.keys(edit.expected)
      .filter((field) => !same(mine[field as keyof Task], theirs[field as keyof Task]))
      .flatMap((field) => {
        const head = `${shortId(theirs)}, ${fieldName(field)}`
        return [
          `${head}: yours “${short(fieldValue(field, mine[field as keyof Task]))}”`,
          `${head}: theirs “${short(fieldValue(field, theirs[field as keyof Task]))}”`,
        ]
      })
  })
  const what = items.length === 1 ? shortId(first.theirs) : `${items.length} cards`
  const title = `Somebody changed ${what} before your edit arrived`
  toast({
    tone: 'warn',
    key: toastOf(key),
    waits: true,
    title,
    lines,
    actions: [
      { label: 'Keep mine', run: keepMine },
      { label: 'Take theirs', run: takeTheirs },
    ],
  })
  announce(title)
}

/** How the refusal of an undo, or of a redo, is called. */
export const undoing = (backwards: boolean | undefined) => (task: Task) =>
  `${shortId(task)} could not be ${backwards ? 'undone' : 'done again'}`

/** An undo gives way to what somebody did since. */
export function tellNotUndone({ items }: Overtaken, backwards: boolean | undefined): void {
  toast({
    tone: 'bad',
    title: backwards ? 'Not undone' : 'Not done again',
    detail: 'Somebody changed it since, and their change stays.',
    lines: items.map(({ theirs }) => `${shortId(theirs)} ${theirs.title}`),
    rule: 'task_changed_meanwhile',
  })
}

/** What has arrived, for those who hear the page. */
export function tellArrived(entry: Entry, answer: Answer): void {
  tellWarnings(entry, answer)
  const [only] = answer.updated
  if (entry.items.length > 1 || only === undefined) announce(entry.label)
  else if (entry.items[0]?.changes.board_status === undefined) announce(entry.label)
  else announce(`${shortId(only)} is in ${columnNames[only.board_status]}.`)
}
