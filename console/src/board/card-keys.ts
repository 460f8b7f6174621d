import { type KeyboardEvent, type RefObject, useCallback } from 'react'
import { flushSync } from 'react-dom'
import { type Action, useActions } from '../actions/actions.ts'
import type { Task } from '../api/types.ts'
import type { SelectionStore } from '../scrum/selection.ts'
import { announce } from '../ui/announcer.tsx'
import type { ActiveCard } from './active-card.ts'
import type { Lane } from './lanes.ts'
import type { Question } from './moving/questions.ts'
import type { Moves } from './moving/use-moves.ts'

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
const steering = toldOf([
  ['next-card', 'Go to the next or previous card', ['ArrowDown', 'ArrowUp', 'J', 'K']],
  ['next-column', 'Go to the next or previous column', ['ArrowRight', 'ArrowLeft', 'L', 'H']],
  ['open-card', 'Open the card', ['Enter']],
  ['select-card', 'Select the card', ['X']],
  ['extend-selection', 'Extend the selection', ['Shift+ArrowDown', 'Shift+ArrowUp']],
  ['select-column', 'Select all of the column', ['Mod+A']],
  ['clear-selection', 'Clear the selection', ['Escape']],
])

/** Those that move and change the card, or all that are selected where it is one of them. */
const movingKeys = toldOf([
  ['move-card', 'Move the card, or all selected', ['M']],
  ['order-card', 'Move it up or down in its column', ['Alt+ArrowUp', 'Alt+ArrowDown']],
  [
    'move-sideways',
    'Move it to the previous or next column',
    ['Alt+Shift+ArrowLeft', 'Alt+Shift+ArrowRight'],
  ],
  [
    'move-to-edge',
    'Move it to the top or bottom of its column',
    ['Alt+Shift+ArrowUp', 'Alt+Shift+ArrowDown'],
  ],
  ['assign-card', 'Assign it', ['A']],
  ['estimate-card', 'Estimate it', ['E']],
  ['prioritise-card', 'Set its priority', ['P']],
])

function toldOf(all: readonly [id: string, title: string, keys: string[]][]): Action[] {
  return all.map(([id, title, keys]) => ({
    id: `board.${id}`,
    title,
    group: 'Board',
    keys,
    local: true,
  }))
}

const questions: Record<string, Question> = {
  m: 'move',
  a: 'assignee',
  e: 'points',
  p: 'priority',
}

interface CardKeys {
  board: RefObject<HTMLElement | null>
  /** Those that are not folded away. */
  lanes: readonly Lane[]
  active: ActiveCard
  selection: SelectionStore
  /** Absent where nothing may be moved. */
  moving:
    | { moves: Moves; ask: (task: Task, question: Question, anchor: HTMLElement) => void }
    | undefined
}

/** Steers over the cards by keys, as long as one of them has the focus. */
export function useCardKeys({ board, lanes, active, selection, moving }: CardKeys) {
  useActions(moving ? [...steering, ...movingKeys] : steering)

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
    if (card === null || event.defaultPrevented) return
    const id = Number(card.dataset.id)
    const place = placeOf(lanes, id)
    if (place === undefined) return
    const mod = event.ctrlKey || event.metaKey
    const task = cellOf(lanes, place)[place.index]
    if (event.altKey) {
      const way = mod ? undefined : directions[key]
      if (way === undefined || moving === undefined || task === undefined) return
      // Without Shift these go through the browser's history.
      if (!event.shiftKey && (way === 'left' || way === 'right')) return
      event.preventDefault()
      const tasks = selection.ids.has(id) ? moving.moves.find(selection.ids) : [task]
      flushSync(() => moveBy(moving.moves, tasks, way, event.shiftKey))
      go(id)
      return
    }
    const question = mod || event.shiftKey ? undefined : questions[key.toLowerCase()]
    if (question && moving && task) {
      event.preventDefault()
      const beside = question === 'move' ? 'move' : 'open'
      const anchor = card.querySelector<HTMLElement>(`[data-focus="${beside} ${id}"]`)
      if (anchor) moving.ask(task, question, anchor)
      return
    }
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

function moveBy(moves: Moves, tasks: readonly Task[], way: Direction, far: boolean): void {
  const step = way === 'up' || way === 'left' ? -1 : 1
  if (way === 'left' || way === 'right') moves.sideways(tasks, step)
  else if (far) moves.toEdge(tasks, step < 0 ? 'top' : 'bottom')
  else moves.shift(tasks, step)
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
