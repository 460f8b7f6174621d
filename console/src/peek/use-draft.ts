import { useEffect, useEffectEvent, useState } from 'react'
import type { Task } from '../api/types.ts'
import { type Draft, type Format, isOvertaken, isUntouched } from './draft.ts'
import { type Editable, useFieldEdit } from './use-field-edit.ts'

/** A field of a task while somebody types into it; what arrives meanwhile takes nothing away. */
export function useDraft<Name extends keyof Editable>(
  task: Task,
  name: Name,
  format: Format<Editable[Name]>,
  /** A refused text stays to be mended; a refused choice goes back. */
  kind: 'text' | 'choice' = 'text',
) {
  type Value = Editable[Name]
  const now: Value = task[name]
  const [typed, setTyped] = useState<Draft<Value> | null>(null)
  const [wrong, setWrong] = useState('')
  const { save, late, decide } = useFieldEdit(task, name, (why, wanted) => {
    setWrong(why)
    if (kind === 'text') setTyped((known) => known ?? { text: format.text(wanted), base: now })
  })
  /** What was sent too late is as if it were still being typed. */
  const draft = typed ?? (late ? { text: format.text(late.mine), base: late.seen } : null)

  const drop = () => {
    setTyped(null)
    setWrong('')
    decide('theirs')
  }
  const send = (wanted: Draft<Value>) => {
    if (isUntouched(wanted, format)) return drop()
    if (isOvertaken(wanted, now, format)) return
    const parsed = format.parse(wanted.text)
    if ('wrong' in parsed) return setWrong(parsed.wrong)
    drop()
    save(parsed.value)
  }
  // The browser's way back takes the field away without its being left.
  const leave = useEffectEvent(() => {
    if (typed && wrong === '') send(typed)
  })
  useEffect(() => () => leave(), [])
  return {
    text: draft?.text ?? format.text(now),
    wrong,
    /** What somebody else has put there meanwhile, as text; undefined where nobody has. */
    theirs: draft && isOvertaken(draft, now, format) ? format.text(now) : undefined,
    type: (text: string) => {
      setWrong('')
      setTyped({ text, base: draft === null ? now : draft.base })
      decide('theirs')
    },
    /** What is known to be wrong is sent again only where that is asked for. */
    commit: (again: boolean) => typed && (again || wrong === '') && send(typed),
    /** Saves what is chosen at once. */
    choose: (text: string) => send({ text, base: now }),
    /** It cannot even be read as text, such as half a date. */
    complain: setWrong,
    isTouched: draft !== null || wrong !== '',
    takeTheirs: drop,
    keepMine: () => (typed ? send({ ...typed, base: now }) : decide('mine')),
  }
}
