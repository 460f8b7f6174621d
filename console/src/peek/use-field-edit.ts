import { useCallback, useEffect, useEffectEvent } from 'react'
import type { Task } from '../api/types.ts'
import type { Field, Values } from '../edits/changes.ts'
import { fieldOf } from '../edits/fields-shown.ts'
import type { OutboxState } from '../edits/outbox.ts'
import { useAllEdits, useOutbox } from '../edits/use-edits.ts'

/** The fields that the peek changes. */
export type Editable = Pick<Task, Exclude<Field, 'position'>>

/**
 * Changes one field of a card as every edit is made: shown at once, kept while the server is away,
 * undoable. What becomes of it is told to the field.
 */
export function useFieldEdit<Name extends keyof Editable>(
  task: Task,
  name: Name,
  /** Why it was refused, as a sentence, and what was wanted. */
  onRefused: (why: string, wanted: Editable[Name]) => void,
) {
  type Value = Editable[Name]
  const edits = useAllEdits()
  const tell = useEffectEvent(onRefused)
  useEffect(
    () =>
      edits.tellBeside(task.id, name, ({ detail, rule }, { changes }) =>
        tell(rule ? `${detail} (${rule})` : detail, changes[name] as Value),
      ),
    [edits, task.id, name],
  )
  const late = useOutbox(
    useCallback(
      ({ overtaken }: OutboxState) =>
        overtaken.find((it) => {
          const field = fieldOf(it)
          return field?.taskId === task.id && field.name === name
        }),
      [task.id, name],
    ),
  )
  const edit = late?.items[0]?.edit
  return {
    save: (value: Value) => edits.edit([{ task, changes: { [name]: value } as Values }]),
    /** What was wanted, and what it was to replace, where somebody was faster than the sending. */
    late: edit && {
      mine: edit.changes[name] as Value,
      seen: edit.expected[name] as Value,
    },
    decide: (whose: 'mine' | 'theirs') => late && edits.decide(late.key, whose),
  }
}
