import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { setCustomNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview'
import { getElementFromPointWithoutHoneypot } from '@atlaskit/pragmatic-drag-and-drop/get-element-from-point-without-honey-pot'
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import type { ColumnStatus } from '../../scrum/columns.ts'
import { cardGap } from '../windows.ts'
import type { Spot } from './spot.ts'

export interface DragHooks {
  /** The cards that go when this one is taken. */
  taken(id: number): ReadonlySet<number>
  /** Over another column or lane, or over none. */
  over(ids: ReadonlySet<number>, spot: Spot | undefined): void
  refuses(ids: ReadonlySet<number>, spot: Spot): boolean
  /** Answers whether the line stays, since something is asked beside it. */
  dropped(ids: ReadonlySet<number>, spot: Spot): boolean
  putBack(ids: ReadonlySet<number>): void
}

/**
 * Lets the cards of a board be dragged. The board as a whole is watched, not each card, so that
 * cards cost nothing as they are drawn, and lists of which only a part is drawn work alike.
 */
export function watchDrags(board: HTMLElement, line: HTMLElement, hooks: DragHooks): () => void {
  let armed: { card: HTMLElement; disarm: () => void } | undefined
  let end: (() => void) | undefined
  let cell: HTMLElement | undefined

  const arm = ({ type, target, buttons }: PointerEvent) => {
    // A quick hand is over the next card before the browser calls it a drag.
    if (type === 'pointerover' && buttons > 0) return
    const card = target instanceof Element ? target.closest<HTMLElement>('.card[data-id]') : null
    // Its link covers the card, and browsers let links go before what they are in.
    const link = card?.querySelector<HTMLElement>('a')
    if (!card || !link || card === armed?.card || end) return
    armed?.disarm()
    const ids = () => hooks.taken(Number(card.dataset.id))
    const disarm = draggable({
      element: link,
      getInitialData: () => ({ kind: 'cards', ids: ids() }),
      onGenerateDragPreview: ({ nativeSetDragImage, source, location }) =>
        setCustomNativeDragPreview({
          nativeSetDragImage,
          getOffset: () => {
            const { left, top } = card.getBoundingClientRect()
            const { clientX, clientY } = location.current.input
            return { x: clientX - left, y: clientY - top }
          },
          render: ({ container }) => void container.append(preview(card, idsOf(source).size)),
        }),
    })
    armed = { card, disarm }
  }
  board.addEventListener('pointerover', arm)
  board.addEventListener('pointerdown', arm)

  const show = (ids: ReadonlySet<number>, found: Found | undefined) => {
    if (found?.cell !== cell) {
      cell?.removeAttribute('data-over')
      cell = found?.cell
      hooks.over(ids, found?.spot)
    }
    if (found && cell) {
      const refused = hooks.refuses(ids, found.spot)
      cell.dataset.over = refused ? 'refused' : ''
      line.hidden = refused
      draw(line, found)
    } else line.hidden = true
  }
  const stop = combine(
    dropTargetForElements({
      element: board,
      canDrop: ({ source }) => source.data.kind === 'cards',
      getData: ({ input }) => ({ found: find(board, input.clientX, input.clientY) }),
      getDropEffect: () => 'move',
    }),
    monitorForElements({
      canMonitor: ({ source }) => source.data.kind === 'cards',
      onDragStart({ source }) {
        const ids = idsOf(source)
        const dragged = [...board.querySelectorAll<HTMLElement>('.card[data-id]')].filter((it) =>
          ids.has(Number(it.dataset.id)),
        )
        for (const card of dragged) card.dataset.dragged = ''
        const scrollers = [board, ...board.querySelectorAll<HTMLElement>('[data-scroller]')]
        const stops = [...new Set(scrollers)].map((element) => autoScrollForElements({ element }))
        end = () => {
          for (const done of stops) done()
          for (const card of dragged) delete card.dataset.dragged
          cell?.removeAttribute('data-over')
          cell = undefined
          end = undefined
        }
      },
      onDrag: ({ source, location }) => show(idsOf(source), foundIn(location.current)),
      onDropTargetChange: ({ source, location }) => show(idsOf(source), foundIn(location.current)),
      onDrop({ source, location }) {
        end?.()
        const found = foundIn(location.current)
        if (found === undefined) {
          line.hidden = true
          hooks.putBack(idsOf(source))
          return
        }
        // A quick drop comes before the line was drawn there.
        draw(line, found)
        line.hidden = !hooks.dropped(idsOf(source), found.spot)
      },
    }),
  )
  return () => {
    board.removeEventListener('pointerover', arm)
    board.removeEventListener('pointerdown', arm)
    armed?.disarm()
    end?.()
    stop()
  }
}

interface Found {
  spot: Spot
  cell: HTMLElement
  list: HTMLElement
  /** Where the line goes, in px from the top of the window. */
  top: number
}

const idsOf = (source: { data: Record<string, unknown> }) => source.data.ids as ReadonlySet<number>

const foundIn = ({ dropTargets }: { dropTargets: { data: Record<string | symbol, unknown> }[] }) =>
  dropTargets[0]?.data.found as Found | undefined

/** The place under the pointer: beside the edge that is nearest of the cards that are drawn. */
function find(board: HTMLElement, x: number, y: number): Found | undefined {
  const under = getElementFromPointWithoutHoneypot({ x, y })
  const cell = under?.closest<HTMLElement>('.column, .lane-cell')
  const list = cell?.querySelector<HTMLElement>('.cards')
  if (!cell || !list || !board.contains(cell)) return undefined
  const { status, lane = '' } = list.dataset
  const at = { status: status as ColumnStatus, lane }
  let nearest: { id: number; edge: 'before' | 'after'; top: number; distance: number } | undefined
  for (const card of list.querySelectorAll<HTMLElement>('.card[data-id]')) {
    const { top, bottom } = card.getBoundingClientRect()
    const distance = Math.max(top - y, y - bottom, 0)
    if (nearest && nearest.distance <= distance) continue
    const edge = y < (top + bottom) / 2 ? 'before' : 'after'
    const line = edge === 'before' ? top - cardGap / 2 : bottom + cardGap / 2
    nearest = { id: Number(card.dataset.id), edge, top: line, distance }
  }
  if (nearest === undefined) {
    return { spot: at, cell, list, top: list.getBoundingClientRect().top }
  }
  const { id, edge, top } = nearest
  return { spot: { ...at, beside: { id, edge } }, cell, list, top }
}

function draw(line: HTMLElement, { list, cell, top }: Found): void {
  const { left, width } = list.getBoundingClientRect()
  const within = (list.closest('[data-scroller]') ?? cell).getBoundingClientRect()
  line.style.left = `${left}px`
  line.style.width = `${width}px`
  line.style.top = `${Math.min(Math.max(top, within.top + 1), within.bottom - 3)}px`
}

/** What goes with the pointer: the card, and how many go with it. */
function preview(card: HTMLElement, count: number): HTMLElement {
  const shown = document.createElement('div')
  shown.className = count > 1 ? 'drag-preview drag-preview-several' : 'drag-preview'
  shown.style.width = `${card.offsetWidth}px`
  shown.append(card.cloneNode(true))
  if (count > 1) {
    const badge = document.createElement('span')
    badge.className = 'drag-count numbers'
    badge.textContent = `${count}`
    shown.append(badge)
  }
  return shown
}
