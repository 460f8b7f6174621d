import { CloseIcon } from '../../ui/close-icon.tsx'
import { type Filter, lists, switches, toggled } from './filter.ts'
import { listNames, switchNames, valueText } from './options.ts'
import { type Filtering, forget, setFilter } from './use-filter.ts'

interface Chip {
  key: string
  text: string
  without: Filter
}

function chipsOf(filter: Filter): Chip[] {
  const ofLists = lists.flatMap((name) =>
    filter[name].map((value) => ({
      key: `${name} ${value}`,
      text: `${listNames[name]}: ${valueText(name, value)}`,
      without: toggled(filter, name, value),
    })),
  )
  const ofSwitches = switches
    .filter((name) => filter[name])
    .map((name) => ({
      key: name,
      text: switchNames[name],
      without: { ...filter, [name]: false },
    }))
  return [...ofSwitches, ...ofLists]
}

/** What is asked for, each with a way to ask no longer. */
export function FilterChips({ filter, unknown }: Pick<Filtering, 'filter' | 'unknown'>) {
  const chips = chipsOf(filter)
  if (chips.length === 0 && unknown.length === 0) return null
  return (
    <ul className="filter-chips" aria-label="Filters in use">
      {chips.map(({ key, text, without }) => (
        <li key={key}>
          {text}
          <Remove text={text} onRemove={() => setFilter(without)} />
        </li>
      ))}
      {unknown.map((it) => (
        <li key={`${it.name} ${it.value}`} className="filter-unknown">
          “{it.name}={it.value}” filters nothing: it is not known here
          <Remove text={`${it.name}=${it.value}`} onRemove={() => forget(it)} />
        </li>
      ))}
    </ul>
  )
}

function Remove({ text, onRemove }: { text: string; onRemove: () => void }) {
  return (
    <button type="button" onClick={onRemove}>
      <span className="hidden">Remove {text}</span>
      <CloseIcon size={12} />
    </button>
  )
}
