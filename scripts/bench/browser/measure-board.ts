import type { Browser, Page } from 'playwright-core'
import { median } from '../measure.ts'
import { agentsAtWork } from './agents.ts'
import { type Frames, scrollBoard } from './frames.ts'
import { moveByDrag, moveByKey, moveByMenu, type SeenMove } from './moves.ts'
import { type Load, load, onBoard, type Site } from './visit.ts'

/** What a person meets on a board; times in ms. */
export interface BoardFigures {
  loads: Load[]
  byMenu: SeenMove[]
  byKey: SeenMove[]
  byDrag: SeenMove[]
  /** Scrolling while nothing happens, and while agents move cards, so many a second. */
  still: Frames
  busy: Frames
  updates: number
}

export interface Effort {
  loads: number
  moves: number
  /** How long is scrolled (ms). */
  scroll: number
}

interface Visited {
  browser: Browser
  site: Site
  /** Of the board. */
  url: string
  /** The cards that agents move. */
  ids: readonly number[]
}

export async function measureBoardOf(visited: Visited, effort: Effort): Promise<BoardFigures> {
  const { browser, site, url, ids } = visited
  const loads = await times(effort.loads, () => load(browser, site, url))
  const page = await onBoard(browser, site, url)
  const byMenu = await movesOf(visited, page, effort.moves)
  const byKey = await times(effort.moves, (turn) => moveByKey(page, turn))
  const byDrag = await times(effort.moves, (turn) => moveByDrag(page, turn))

  const still = await scrollBoard(page, effort.scroll)
  const agents = await agentsAtWork(site, ids.slice(0, 40), { agents: 4, perSecond: 20 })
  const busy = await scrollBoard(page, effort.scroll)
  const updates = await agents.stop()
  await page.context().close()
  return { loads, byMenu, byKey, byDrag, still, busy, updates }
}

/** Seen in a second window too. */
async function movesOf({ browser, site, url }: Visited, page: Page, moves: number) {
  const other = await onBoard(browser, site, url)
  const seen = await times(moves, (turn) => moveByMenu(page, other, turn))
  await other.context().close()
  return seen
}

export async function times<T>(count: number, work: (turn: number) => Promise<T>): Promise<T[]> {
  const all: T[] = []
  for (let turn = 0; turn < count; turn++) all.push(await work(turn))
  return all
}

export const medianOf = <T>(all: readonly T[], part: (one: T) => number | undefined): number =>
  median(all.flatMap((one) => part(one) ?? []))
