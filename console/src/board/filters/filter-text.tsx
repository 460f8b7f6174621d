import { type RefObject, useEffect, useEffectEvent, useState } from 'react'

interface FilterTextProps {
  field: RefObject<HTMLInputElement | null>
  text: string
  onText: (text: string) => void
}

/** Browsers take so many changes of the address per second, and no more. */
const restMs = 150

/** Words to look for. What is typed is shown at once and handed on when the fingers rest. */
export function FilterText({ field, text, onText }: FilterTextProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const hand = useEffectEvent((value: string) => {
    setTyped(null)
    onText(value)
  })
  useEffect(() => {
    if (typed === null) return
    const timer = setTimeout(() => hand(typed), restMs)
    return () => clearTimeout(timer)
  }, [typed])
  const leave = () => {
    setTyped(null)
    onText('')
  }
  return (
    <input
      ref={field}
      type="search"
      className="filter-text"
      aria-label="Filter cards by id, code or title"
      placeholder="Filter cards"
      autoComplete="off"
      spellCheck={false}
      maxLength={200}
      value={typed ?? text}
      onChange={(event) => setTyped(event.target.value)}
      onKeyDown={(event) => {
        // Escape empties it first, then leaves it.
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        if ((typed ?? text) === '') field.current?.blur()
        else leave()
      }}
    />
  )
}
