import { useRef, useState } from 'react'
import type { Task } from '../../api/types.ts'
import { type Draft, type Format, isOvertaken, isUntouched } from './draft.ts'
import { type Editable, explain, useSave } from './use-save.ts'

/** A field of a task while somebody types into it; what arrives meanwhile takes nothing away. */
export function useDraft<Name extends keyof Editable>(
  task: Task,
  name: Name,
  format: Format<Editable[Name]>,
) {
  type Value = Editable[Name]
  const now: Value = task[name]
  const [draft, setDraft] = useState<Draft<Value> | null>(null)
  const [wrong, setWrong] = useState('')
  const saving = useRef(false)
  const save = useSave(task)

  const drop = () => {
    setDraft(null)
    setWrong('')
  }
  const send = async (wanted: Draft<Value>) => {
    if (saving.current) return
    if (isUntouched(wanted, format)) return drop()
    if (isOvertaken(wanted, now, format)) return
    const parsed = format.parse(wanted.text)
    if ('wrong' in parsed) return setWrong(parsed.wrong)
    saving.current = true
    try {
      await save(
        { [name]: parsed.value } as Partial<Editable>,
        { [name]: wanted.base } as Partial<Editable>,
      )
      // What was typed while it was on its way stays, on top of what is saved by now.
      setDraft((later) =>
        later === null || later.text === wanted.text ? null : { ...later, base: parsed.value },
      )
      setWrong('')
    } catch (error) {
      setWrong(explain(error))
    } finally {
      saving.current = false
    }
  }
  return {
    text: draft?.text ?? format.text(now),
    wrong,
    /** What somebody else has put there meanwhile, as text; undefined where nobody has. */
    theirs: draft && isOvertaken(draft, now, format) ? format.text(now) : undefined,
    type: (text: string) => {
      setWrong('')
      setDraft({ text, base: draft === null ? now : draft.base })
    },
    commit: () => draft && void send(draft),
    /** Saves what is chosen at once. */
    choose: (text: string) => {
      setDraft({ text, base: now })
      void send({ text, base: now })
    },
    isTouched: draft !== null,
    takeTheirs: drop,
    keepMine: () => {
      if (draft === null) return
      setDraft({ ...draft, base: now })
      void send({ ...draft, base: now })
    },
  }
}
