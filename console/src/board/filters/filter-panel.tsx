import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { Task } from '../../api/types.ts'
import type { Filter } from './filter.ts'
import { type Option, optionsOf } from './options.ts'

interface FilterPanelProps {
  tasks: readonly Task[]
  filter: Filter
  onFilter: (filter: Filter) => void
}

/** All that cards can be filtered by, found by typing: Enter takes the first, arrows walk. */
export function FilterPanel({ tasks, filter, onFilter }: FilterPanelProps) {
  const panel = useRef<HTMLElement>(null)
  const [words, setWords] = useState('')
  const found = useMemo(() => matching(optionsOf(tasks, filter), words), [tasks, filter, words])
  useEffect(() => panel.current?.querySelector('input')?.focus(), [])

  const steer = (event: KeyboardEvent) => {
    const fields = [...(panel.current?.querySelectorAll('input') ?? [])]
    const here = fields.findIndex((it) => it.matches(':focus'))
    const first = found[0]
    if (event.key === 'Enter' && here === 0 && first) onFilter(first.toggled)
    else if (event.key === 'Enter' && here > 0) fields[here]?.click()
    else if (event.key === 'ArrowDown') fields[Math.min(here + 1, fields.length - 1)]?.focus()
    else if (event.key === 'ArrowUp') fields[Math.max(here - 1, 0)]?.focus()
    else return
    event.preventDefault()
  }

  return (
    <search ref={panel} className="filter-panel" onKeyDown={steer}>
      <input
        type="text"
        aria-label="Find a filter"
        placeholder="Column, person, label…"
        autoComplete="off"
        spellCheck={false}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <div className="filter-options">
        {groupsOf(found).map(([group, options]) => (
          <fieldset key={group}>
            <legend>{group}</legend>
            {options.map(({ key, text, cards, isOn, toggled }) => (
              <label key={key}>
                <input type="checkbox" checked={isOn} onChange={() => onFilter(toggled)} />
                <span>{text}</span>
                {cards !== undefined && (
                  <span className="filter-cards numbers">
                    {cards}
                    <span className="hidden"> {cards === 1 ? 'card' : 'cards'}</span>
                  </span>
                )}
              </label>
            ))}
          </fieldset>
        ))}
        {found.length === 0 && <p role="status">No filter is called that.</p>}
      </div>
    </search>
  )
}

/** Those whose name or group holds every word. */
function matching(options: readonly Option[], text: string): Option[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return options.filter((it) => {
    const name = `${it.group} ${it.text}`.toLowerCase()
    return words.every((word) => name.includes(word))
  })
}

function groupsOf(options: readonly Option[]): [group: string, options: Option[]][] {
  return [...Map.groupBy(options, (it) => it.group)]
}
