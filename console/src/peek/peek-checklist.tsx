import { type FormEvent, useId, useState } from 'react'
import type { Task } from '../api/types.ts'
import { CloseIcon } from '../ui/close-icon.tsx'
import { checklistOf } from './checklist.ts'
import { criterion } from './draft.ts'
import { Overtaken } from './peek-field.tsx'
import { useFieldEdit } from './use-field-edit.ts'

const most = 200

const lines = (criteria: readonly string[]) => criteria.map((it) => `\n${it}`).join('')

/** Acceptance criteria, ticked, added and removed in place. */
export function PeekChecklist({ task, mayEdit }: { task: Task; mayEdit: boolean }) {
  const id = useId()
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState('')
  const { save, late, decide } = useFieldEdit(task, 'acceptance_criteria', setWrong)
  const criteria = task.acceptance_criteria
  const items = checklistOf(criteria)
  if (items.length === 0 && !mayEdit) return null

  const change = (next: string[]) => {
    setWrong('')
    decide('theirs')
    save(next)
  }
  const tick = (at: number, item: { text: string; done: boolean }) =>
    change(criteria.with(at, `[${item.done ? ' ' : 'x'}] ${item.text}`))
  const add = (event: FormEvent) => {
    event.preventDefault()
    const wanted = criterion.parse(text)
    if ('wrong' in wanted) return setWrong(wanted.wrong)
    if (criteria.length >= most) return setWrong(`A checklist has at most ${most} lines.`)
    change([...criteria, `[ ] ${wanted.value}`])
    setText('')
  }
  const keys = keysOf(items.map((it) => it.text))
  const done = items.filter((it) => it.done).length
  return (
    <section aria-labelledby="peek-checklist">
      <h3 id="peek-checklist">
        Checklist{' '}
        {items.length > 0 && (
          <span className="peek-fine numbers">
            {done} of {items.length}
          </span>
        )}
      </h3>
      <ul className="peek-checklist">
        {items.map((item, at) => (
          <li key={keys[at]}>
            <label>
              <input
                type="checkbox"
                checked={item.done}
                disabled={!mayEdit}
                onChange={() => tick(at, item)}
              />
              <span>{item.text}</span>
            </label>
            {mayEdit && (
              <button
                type="button"
                className="button button-quiet"
                onClick={() => change(criteria.toSpliced(at, 1))}
              >
                <span className="hidden">Remove {item.text}</span>
                <CloseIcon />
              </button>
            )}
          </li>
        ))}
      </ul>
      {mayEdit && (
        <form className="peek-add" onSubmit={add}>
          <input
            type="text"
            aria-label="New criterion"
            aria-invalid={wrong !== ''}
            aria-describedby={`${id}-wrong`}
            data-touched={text === '' ? undefined : true}
            placeholder="Add what has to hold"
            autoComplete="off"
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setWrong('')
            }}
          />
          <button type="submit" className="button">
            Add
          </button>
        </form>
      )}
      <p id={`${id}-wrong`} className="field-error" role="alert">
        {wrong}
      </p>
      <Overtaken
        label="The checklist"
        theirs={late && lines(criteria)}
        keepMine={() => decide('mine')}
        takeTheirs={() => decide('theirs')}
      >
        Yours: <strong>{late && lines(late.mine)}</strong>
      </Overtaken>
    </section>
  )
}

/** Two may say the same, and none has an id: the same text is told apart by which of them it is. */
function keysOf(texts: readonly string[]): string[] {
  const met = new Map<string, number>()
  return texts.map((text) => {
    const before = met.get(text) ?? 0
    met.set(text, before + 1)
    return `${before} ${text}`
  })
}
