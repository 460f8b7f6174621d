import { type KeyboardEvent, type RefObject, useCallback } from 'react'
import { flushSync } from 'react-dom'
import { type Action, useActions } from '../actions/actions.ts'
import type { Task } from '../api/types.ts'
import { announce } from '../ui/announcer.tsx'
import type { ActiveCard } from './active-card.ts'
import type { Lane } from './lanes.ts'
import type { SelectionStore } from './selection.ts'

type Direction = 'up' | 'down' | 'left' | 'right'

const directions: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  k: 'up',
  j: 'down',
  h: 'left',
  l: 'right',
}

/** What `?` tells of the keys that a card takes while it has the focus. */
const told: Action[] = [
  ['next-card', 'Go to the next or previous card', ['ArrowDown', 'ArrowUp', 'J', 'K']],
  ['next-column', 'Go to the next or previous column', ['ArrowRight', 'ArrowLeft', 'L', 'H']],
  ['open-card', 'Open the card', ['Enter']],
  ['select-card', 'Select the card', ['X']],
  ['extend-selection', 'Extend the selection', ['Shift+ArrowDown', 'Shift+ArrowUp']],
  ['select-column', 'Select all of the column', ['Mod+A']],
  ['clear-selection', 'Clear the selection', ['Escape']],
].map(([id, title, keys]) => ({
  id: `board.${id}`,
  title: `${title}`,
  group: 'Board',
  keys: keys as string[],
  local: true,
}))

interface CardKeys {
  board: RefObject<HTMLElement | null>
  /** Those that are not folded away. */
  lanes: readonly Lane[]
  active: ActiveCard
  selection: SelectionStore
}

/** Steers over the cards by keys, as long as one of them has the focus. */
export function useCardKeys({ board, lanes, active, selection }: CardKeys) {
  useActions(told)

  const go = useCallback(
    (id: number) => {
      flushSync(() => active.set(id))
      const link = board.current?.querySelector<HTMLElement>(`[data-focus="open ${id}"]`)
      link?.focus({ preventScroll: true })
      link?.closest('.card')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    },
    [board, active],
  )

  return (event: KeyboardEvent<HTMLElement>) => {
    const { key, target } = event
    const card = target instanceof Element ? target.closest<HTMLElement>('.card') : null
    if (card === null || event.altKey || event.defaultPrevented) return
    const id = Number(card.dataset.id)
    const place = placeOf(lanes, id)
    if (place === undefined) return
    const mod = event.ctrlKey || event.metaKey
    const direction = mod ? undefined : directions[key.length === 1 ? key.toLowerCase() : key]

    if (direction) {
      event.preventDefault()
      const next = nextCard(lanes, place, direction, card)
      if (next === undefined) return
      if (event.shiftKey) {
        if (selection.ids.size === 0) selection.only(id)
        selection.extendTo(next.id)
        announceSelection(selection)
      }
      go(next.id)
    } else if (mod && key.toLowerCase() === 'a' && !event.shiftKey) {
      event.preventDefault()
      selection.add(cellOf(lanes, place).map((task) => task.id))
      announceSelection(selection)
    } else if (!mod && key.toLowerCase() === 'x') {
      event.preventDefault()
      if (event.shiftKey) selection.extendTo(id)
      else selection.toggle(id)
      announceSelection(selection)
    } else if (key === 'Escape' && selection.ids.size > 0) {
      // The selection takes it; an open peek closes with the next one.
      event.stopPropagation()
      selection.clear()
      announceSelection(selection)
    }
  }
}

function announceSelection({ ids }: SelectionStore): void {
  announce(ids.size === 0 ? 'No card is selected.' : `${ids.size} selected.`)
}

interface Place {
  lane: number
  column: number
  index: number
}

function placeOf(lanes: readonly Lane[], id: number): Place | undefined {
  for (const [lane, { columns }] of lanes.entries()) {
    for (const [column, { tasks }] of columns.entries()) {
      const index = tasks.findIndex((task) => task.id === id)
      if (index >= 0) return { lane, column, index }
    }
  }
  return undefined
}

const cellOf = (lanes: readonly Lane[], { lane, column }: Omit<Place, 'index'>): readonly Task[] =>
  lanes[lane]?.columns[column]?.tasks ?? []

/** Up and down go on in the lanes above and below; left and right to what is level with the card. */
function nextCard(
  lanes: readonly Lane[],
  place: Place,
  direction: Direction,
  from: HTMLElement,
): Task | undefined {
  const { lane, column, index } = place
  if (direction === 'down' || direction === 'up') {
    const step = direction === 'down' ? 1 : -1
    const beside = cellOf(lanes, place)[index + step]
    if (beside) return beside
    for (let at = lane + step; at >= 0 && at < lanes.length; at += step) {
      const cell = cellOf(lanes, { lane: at, column })
      if (cell.length > 0) return step > 0 ? cell[0] : cell.at(-1)
    }
    return undefined
  }
  const step = direction === 'right' ? 1 : -1
  const columns = lanes[lane]?.columns ?? []
  for (let at = column + step; at >= 0 && at < columns.length; at += step) {
    const cell = cellOf(lanes, { lane, column: at })
    if (cell.length > 0) return level(cell, from) ?? cell[Math.min(index, cell.length - 1)]
  }
  return undefined
}

/** Of the cards that are drawn, the one whose middle is nearest. */
function level(cell: readonly Task[], from: HTMLElement): Task | undefined {
  const board = from.closest('.board')
  const middle = (element: Element) => {
    const { top, height } = element.getBoundingClientRect()
    return top + height / 2
  }
  const here = middle(from)
  let nearest: { task: Task; distance: number } | undefined
  for (const task of cell) {
    const card = board?.querySelector(`.card[data-id="${task.id}"]`)
    if (!card) continue
    const distance = Math.abs(middle(card) - here)
    if (nearest === undefined || distance < nearest.distance) nearest = { task, distance }
  }
  return nearest?.task
}
