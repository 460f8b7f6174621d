import type { Browser } from 'playwright-core'
import { median } from '../measure.ts'
import type { Sql } from '../world.ts'
import { boardOf } from './cards.ts'
import { type Frames, moveAbout, scrollBareLines, scrollBoard } from './frames.ts'
import { seenMove } from './moves.ts'
import { load, onBoard, packedSize, type Site } from './visit.ts'

/** What a person meets on a board of so many cards; times in ms. */
export interface BoardFigures {
  paint: number
  usable: number
  /** All that the board's route loads of scripts, packed by gzip (bytes). */
  scripts: number
  moveHere: number
  moveThere: number
  /** While cards move at `updates` a second. */
  frames: Frames
  updates: number
  bareFrames: Frames
}

interface Effort {
  loads: number
  moves: number
  /** How long is scrolled (ms). */
  scroll: number
}

export async function measureBoardOf(
  { browser, site, sql }: { browser: Browser; site: Site; sql: Sql },
  cards: number,
  effort: Effort,
): Promise<BoardFigures> {
  const { path, ids } = await boardOf(site, sql, cards)
  const loads = []
  for (let turn = 0; turn < effort.loads; turn++) loads.push(await load(browser, site, path))

  const page = await onBoard(browser, site, path)
  const other = await onBoard(browser, site, path)
  const moves = []
  for (let turn = 0; turn < effort.moves; turn++) moves.push(await seenMove(page, other, turn))
  await other.context().close()

  const agents = moveAbout(site, ids.slice(0, 40), 20)
  const frames = await scrollBoard(page, effort.scroll)
  const updates = await agents.stop()
  const bareFrames = await scrollBareLines(page, 1000, effort.scroll)
  await page.context().close()
  return {
    paint: median(loads.map((it) => it.paint)),
    usable: median(loads.map((it) => it.usable)),
    scripts: await packedSize(loads[0]?.scripts ?? []),
    moveHere: median(moves.map((it) => it.here)),
    moveThere: median(moves.map((it) => it.there)),
    frames,
    updates,
    bareFrames,
  }
}
