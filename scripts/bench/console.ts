import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { serveBareLists } from './browser/bare-page.ts'
import { boardOf } from './browser/cards.ts'
import { type Frames, scrollBareLines } from './browser/frames.ts'
import { type BoardFigures, measureBoardOf, medianOf, times } from './browser/measure-board.ts'
import { moveBareLine } from './browser/moves.ts'
import { launch, load, packedSize, type Site, visit } from './browser/visit.ts'
import { type Figure, figure, rounded } from './figure.ts'
import { type Product, withProduct } from './product.ts'
import type { World } from './world.ts'

/** What a person meets in a browser, on boards of 1,000 and of 5,000 cards. */
export async function measureConsole(world: World): Promise<Figure[]> {
  const path = chromiumPath()
  if (path === undefined) {
    world.say('console: not measured, for there is no Chromium here; name one in CHROMIUM.')
    return []
  }
  return withProduct(world, async (product) => {
    const browser = await launch(path)
    try {
      const bare = await measureBare(browser, product)
      return [
        ...(await figuresOf(1000, { world, browser, product, bare })),
        ...(await figuresOf(5000, { world, browser, product, bare })),
      ]
    } finally {
      await browser.close()
    }
  })
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

function chromiumPath(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

interface Bare {
  paint: number
  usable: number
  move: number
  frames: Frames
}

/** The same browser on a page of a thousand bare lines. */
async function measureBare(browser: Browser, site: Site): Promise<Bare> {
  const lists = await serveBareLists(1000)
  try {
    const loads = await times(3, () => load(browser, site, lists.url))
    const page = await visit(browser, site, lists.url)
    const moves = await times(6, () => moveBareLine(page))
    const frames = await scrollBareLines(page, 2000)
    await page.context().close()
    return {
      paint: medianOf(loads, (it) => it.paint),
      usable: medianOf(loads, (it) => it.usable),
      move: medianOf(moves, (it) => it.here),
      frames,
    }
  } finally {
    lists.close()
  }
}

interface Measuring {
  world: World
  browser: Browser
  product: Product
  bare: Bare
}

async function figuresOf(cards: 1000 | 5000, { world, browser, product, bare }: Measuring) {
  const { url, ids } = await boardOf(product, world.sql, cards)
  const few = cards > 1000
  const effort = { loads: few ? 2 : 3, moves: few ? 3 : 5, scroll: few ? 1500 : 3000 }
  const seen = await measureBoardOf({ browser, site: product, url, ids }, effort)
  if (seen.updates < 19) {
    world.say(`console: agents made ${rounded(seen.updates)} updates a second rather than 20.`)
  }
  const all = figures(cards, seen, bare)
  if (few) return all
  const scripts = await packedSize(seen.loads[0]?.scripts ?? [])
  const name = 'console_scripts_gzip'
  return [...all, figure({ name, value: scripts, unit: 'bytes', bound: { value: 160_000 } })]
}

/** The bounds are for 1,000 cards; with 5,000 the board has to stay usable. */
function figures(cards: 1000 | 5000, seen: BoardFigures, bare: Bare): Figure[] {
  const asked = <T>(bound: T) => (cards === 1000 ? { bound } : {})
  const detail = (values: readonly (number | undefined)[]) => ({
    detail: { rounds: values.length, worst: rounded(Math.max(...values.map((it) => it ?? 0))) },
  })
  const { loads, byMenu, byKey, byDrag, still, busy, updates } = seen
  return [
    figure({
      name: `console_first_paint_${cards}`,
      value: medianOf(loads, (it) => it.paint),
      baseline: bare.paint,
      ...asked({ value: 1000 }),
      ...detail(loads.map((it) => it.paint)),
    }),
    figure({
      name: `console_usable_${cards}`,
      value: medianOf(loads, (it) => it.usable),
      baseline: bare.usable,
      ...asked({ value: 1000 }),
      ...detail(loads.map((it) => it.usable)),
    }),
    figure({
      name: `console_move_by_menu_${cards}`,
      value: medianOf(byMenu, (it) => it.here),
      baseline: bare.move,
      ...asked({ value: 50 }),
      ...detail(byMenu.map((it) => it.here)),
    }),
    figure({
      name: `console_move_by_key_${cards}`,
      value: medianOf(byKey, (it) => it.here),
      baseline: bare.move,
      ...asked({ value: 50 }),
      ...detail(byKey.map((it) => it.here)),
    }),
    figure({
      name: `console_move_by_drag_${cards}`,
      value: medianOf(byDrag, (it) => it.here),
      baseline: bare.move,
      ...asked({ value: 50 }),
      ...detail(byDrag.map((it) => it.here)),
    }),
    figure({
      name: `console_second_window_${cards}`,
      value: medianOf(byMenu, (it) => it.there),
      ...asked({ value: 300 }),
      ...detail(byMenu.map((it) => it.there)),
    }),
    figure({
      name: `console_scroll_${cards}`,
      value: still.perSecond,
      unit: 'per_second',
      baseline: bare.frames.perSecond,
      detail: { slow_ms: rounded(still.slow) },
    }),
    figure({
      name: `console_scroll_at_updates_${cards}`,
      value: busy.perSecond,
      unit: 'per_second',
      baseline: bare.frames.perSecond,
      ...asked({ least_value: 50 }),
      detail: { slow_ms: rounded(busy.slow), updates_per_second: rounded(updates) },
    }),
  ]
}
