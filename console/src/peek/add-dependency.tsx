import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import { cardSearchQuery, dependenciesQuery } from '../api/queries.ts'
import type { Project, Task, TaskDependency } from '../api/types.ts'
import { columnNames } from '../scrum/columns.ts'
import { shortId } from '../scrum/short-id.ts'
import { announce } from '../ui/announcer.tsx'
import { useSettled } from '../ui/settled.ts'
import { StatusMark } from '../ui/status-mark.tsx'
import { explain } from './explain.ts'
import { addDependency, type Kind } from './requests.ts'
import './add-dependency.css'

interface AddDependencyProps {
  task: Task
  project: Project
  known: { depends_on: readonly TaskDependency[]; needed_by: readonly TaskDependency[] }
}

/** Most cards offered at once. */
const most = 8

type Way = 'depends_on' | 'needed_by'

/** Looks for another card by its title or code, and ties the two. */
export function AddDependency(props: AddDependencyProps) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  return (
    <section aria-label="Add a dependency">
      <button
        ref={button}
        type="button"
        className="button button-small peek-add-dependency"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        Add a dependency
      </button>
      {isOpen && <Search {...props} onClose={close} />}
    </section>
  )
}

function Search({ task, project, known, onClose }: AddDependencyProps & { onClose: () => void }) {
  const client = useQueryClient()
  const id = useId()
  const [way, setWay] = useState<Way>('depends_on')
  const [kind, setKind] = useState<Kind>('hard')
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState(0)
  const [wrong, setWrong] = useState('')
  const [isSending, setSending] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  const words = useSettled(typed.trim())
  const found = useQuery(cardSearchQuery(words, most, project.id))
  const cards = words === '' ? [] : (found.data ?? [])
  const isNowhere = words !== '' && !found.isFetching && found.data?.length === 0
  const abroad = useQuery({
    ...cardSearchQuery(words, most),
    enabled: isNowhere,
    placeholderData: undefined,
  })
  const active = cards[Math.min(chosen, cards.length - 1)]

  const list = useRef<HTMLDivElement>(null)
  const offered = cards.length > 0
  useEffect(() => {
    if (offered) list.current?.scrollIntoView({ block: 'nearest' })
  }, [offered])

  const pick = async (other: Task) => {
    if (isSending) return
    const already =
      way === 'depends_on'
        ? known.depends_on.some((it) => it.depends_on_id === other.id)
        : known.needed_by.some((it) => it.task_id === other.id)
    if (other.id === task.id) return setWrong('A card cannot depend on itself.')
    if (already) return setWrong(`${shortId(other)} is there already.`)
    const [from, to] = way === 'depends_on' ? [task, other] : [other, task]
    setSending(true)
    try {
      await addDependency(from.id, to.id, kind)
      announce(`${shortId(from)} depends on ${shortId(to)}.`)
      setTyped('')
      for (const it of [from, to]) {
        void client.invalidateQueries({ queryKey: dependenciesQuery(it.id).queryKey })
      }
    } catch (error) {
      setWrong(`${shortId(from)} on ${shortId(to)}: ${explain(error)}`)
    } finally {
      setSending(false)
    }
  }
  // Enter may be faster than the search: the first card found is meant.
  const [hasty, setHasty] = useState(false)
  const settled = words === typed.trim() && !found.isFetching
  const pickFirst = useEffectEvent(() => {
    setHasty(false)
    if (active) void pick(active)
  })
  useEffect(() => {
    if (hasty && settled) pickFirst()
  }, [hasty, settled])

  const steer = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.nativeEvent.isComposing) return
    if (step !== undefined && cards.length > 0) {
      event.preventDefault()
      setChosen((chosen + step + cards.length) % cards.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      if (typed.trim() === '') setWrong('Type a part of a title, or a code.')
      else setHasty(true)
    } else if (event.key === 'Escape') {
      event.preventDefault()
      onClose()
    }
  }
  return (
    <div className="dependency-search">
      <div className="dependency-kinds">
        <select
          aria-label="Direction"
          value={way}
          onChange={(event) => setWay(event.target.value as Way)}
        >
          <option value="depends_on">Depends on</option>
          <option value="needed_by">Is needed by</option>
        </select>
        <select
          aria-label="Kind"
          value={kind}
          onChange={(event) => setKind(event.target.value as Kind)}
        >
          <option value="hard">hard: has to be done first</option>
          <option value="suggested">suggested: an advice</option>
        </select>
      </div>
      <input
        type="text"
        role="combobox"
        aria-label="Other card"
        aria-expanded={cards.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={active && `${id}-${active.id}`}
        aria-invalid={wrong !== ''}
        aria-describedby={`${id}-wrong`}
        data-touched={typed === '' ? undefined : true}
        autoComplete="off"
        spellCheck={false}
        placeholder="Title or code of another card"
        ref={input}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          setHasty(false)
          setChosen(0)
          setWrong('')
          setHasty(false)
        }}
        onKeyDown={steer}
      />
      <div ref={list} role="listbox" id={`${id}-list`} aria-label="Cards found" tabIndex={-1}>
        {cards.map((other) => (
          <button
            key={other.id}
            type="button"
            id={`${id}-${other.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={other === active}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => void pick(other)}
          >
            <StatusMark status={other.board_status} />
            <span className="hidden">{columnNames[other.board_status]}: </span>
            <span className="id">{shortId(other)}</span> {other.title}
          </button>
        ))}
      </div>
      <p id={`${id}-wrong`} className="field-error" role="alert">
        {wrong ||
          (found.error && explain(found.error)) ||
          (isNowhere && nowhere(words, abroad.data))}
      </p>
    </div>
  )
}

function nowhere(words: string, abroad: readonly Task[] = []): string {
  const [other] = abroad
  return other
    ? `${shortId(other)} “${other.title}” belongs to another project. A card depends only on cards of its own.`
    : `No card of this project holds “${words}”.`
}
