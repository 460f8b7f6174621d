import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from 'react'
import { flushSync } from 'react-dom'
import { count } from '../format/words.ts'
import { useModal } from '../ui/use-modal.ts'
import { Keys } from './keys-shown.tsx'
import { closePalette } from './open.ts'
import { rememberPick } from './recent.ts'
import { type Entry, useEntries, useTaskEntries } from './use-entries.ts'
import './palette.css'

interface PaletteProps {
  /** Searched for runs along with everything else. */
  projectId: number | undefined
  slug: string
}

/** Everything that can be done or opened, by a few letters. */
export function Palette({ projectId, slug }: PaletteProps) {
  const [typed, setTyped] = useState('')
  const found = useEntries(typed, projectId, slug)
  return (
    <Finder
      label="Search or do anything"
      hint="Type what you look for or want to do"
      typed={typed}
      onType={setTyped}
      {...found}
    />
  )
}

/** Tasks of all projects by words of their title, code or id. */
export function TaskSearch() {
  const [typed, setTyped] = useState('')
  const found = useTaskEntries(typed, 50)
  return (
    <Finder
      label="Search tasks of all projects"
      hint="Words of a title, a code, or an id such as T012"
      typed={typed}
      onType={setTyped}
      {...found}
    />
  )
}

interface FinderProps {
  label: string
  hint: string
  typed: string
  onType: (typed: string) => void
  entries: Entry[]
  searching: boolean
  error: Error | null
}

/** A combobox over the page: the focus stays in the field, the arrows choose below it. */
function Finder({ label, hint, typed, onType, entries, searching, error }: FinderProps) {
  const id = useId()
  const dialog = useModal()
  const [chosen, setChosen] = useState<string | null>(null)
  const at = Math.max(
    0,
    entries.findIndex(({ key }) => key === chosen),
  )
  const active = entries[at]

  useEffect(() => {
    if (active) document.getElementById(`${id} ${active.key}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, active])

  const pick = (entry: Entry) => {
    const { title, detail, to } = entry
    rememberPick({ key: entry.key.replace(/^recent /, ''), title, detail, to })
    // The focus is back on the page before what was picked takes it elsewhere.
    flushSync(closePalette)
    entry.run()
  }
  const steer = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step !== undefined && entries.length > 0) {
      event.preventDefault()
      const single = Math.abs(step) === 1
      const next = single
        ? (at + step + entries.length) % entries.length
        : Math.min(entries.length - 1, Math.max(0, at + step))
      setChosen(entries[next]?.key ?? null)
    }
    if (event.key === 'Enter' && active) {
      event.preventDefault()
      pick(active)
    }
  }
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault()
        closePalette()
      }}
      onPointerDown={(event) => event.target === dialog.current && closePalette()}
    >
      <input
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={entries.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={active ? `${id} ${active.key}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={hint}
        value={typed}
        onChange={(event) => {
          onType(event.target.value)
          setChosen(null)
        }}
        onKeyDown={steer}
      />
      <div
        className="palette-list"
        role="listbox"
        id={`${id}-list`}
        aria-label={label}
        tabIndex={-1}
      >
        {inGroups(entries).map(([group, members]) => (
          <Group key={group} id={`${id}-${group}`} name={group}>
            {members.map((entry) => (
              <Option
                key={entry.key}
                id={`${id} ${entry.key}`}
                entry={entry}
                active={entry === active}
                onPoint={() => setChosen(entry.key)}
                onPick={() => pick(entry)}
              />
            ))}
          </Group>
        ))}
      </div>
      <p className="palette-end" role="status">
        {told(typed, entries.length, searching, error)}
      </p>
    </dialog>
  )
}

function told(typed: string, found: number, searching: boolean, error: Error | null): string {
  if (error) return `Tasks could not be searched. ${error.message}`
  if (searching && found === 0) return 'Searching…'
  if (typed.trim() === '') return found > 0 ? '' : 'Type to search.'
  return found === 0 ? `Nothing holds “${typed.trim()}”.` : count(found, 'result')
}

/** Groups in the order their best entries came. */
function inGroups(entries: readonly Entry[]): [string, Entry[]][] {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry])
  return [...groups]
}

function Group({ id, name, children }: { id: string; name: string; children: ReactNode }) {
  return (
    <fieldset aria-labelledby={id}>
      <p id={id} className="palette-group" role="presentation">
        {name}
      </p>
      {children}
    </fieldset>
  )
}

interface OptionProps {
  id: string
  entry: Entry
  active: boolean
  onPoint: () => void
  onPick: () => void
}

function Option({ id, entry, active, onPoint, onPick }: OptionProps) {
  const { title, detail, keys } = entry
  return (
    <button
      type="button"
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      className="palette-option"
      onPointerMove={onPoint}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      <span className="palette-title">{title}</span>
      {detail && <span className="palette-detail">{detail}</span>}
      {keys && <Keys keys={keys} />}
    </button>
  )
}
