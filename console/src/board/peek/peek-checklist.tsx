import { type FormEvent, useId, useState } from 'react'
import { Problem } from '../../api/problem.ts'
import type { Task } from '../../api/types.ts'
import { CloseIcon } from '../../ui/close-icon.tsx'
import { checklistOf } from '../checklist.ts'
import { explain, useSave } from './use-save.ts'

/** Acceptance criteria, ticked, added and removed in place. */
export function PeekChecklist({ task, mayEdit }: { task: Task; mayEdit: boolean }) {
  const id = useId()
  const save = useSave(task)
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState('')
  const criteria = task.acceptance_criteria
  const items = checklistOf(criteria)
  if (items.length === 0 && !mayEdit) return null

  const change = async (next: string[]): Promise<boolean> => {
    try {
      await save({ acceptance_criteria: next }, { acceptance_criteria: criteria })
      setWrong('')
      return true
    } catch (error) {
      const overtaken = error instanceof Problem && error.rule === 'task_changed_meanwhile'
      setWrong(
        overtaken ? 'Somebody changed the list meanwhile; look at it, then again.' : explain(error),
      )
      return false
    }
  }
  const tick = (at: number, item: { text: string; done: boolean }) =>
    change(criteria.with(at, `[${item.done ? ' ' : 'x'}] ${item.text}`))
  const add = async (event: FormEvent) => {
    event.preventDefault()
    const wanted = text.trim()
    if (wanted === '') return setWrong('Say what has to hold first.')
    if (await change([...criteria, `[ ] ${wanted}`])) {
      setText((typed) => (typed === text ? '' : typed))
    }
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
                onChange={() => void tick(at, item)}
              />
              <span>{item.text}</span>
            </label>
            {mayEdit && (
              <button
                type="button"
                className="button button-quiet"
                onClick={() => void change(criteria.toSpliced(at, 1))}
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
