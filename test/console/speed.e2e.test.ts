import type { CDPSession, Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { boardOf } from '../../scripts/bench/browser/cards.ts'
import { scrollBoard } from '../../scripts/bench/browser/frames.ts'
import { moveByMenu } from '../../scripts/bench/browser/moves.ts'
import {
  launch,
  load,
  onBoard,
  packedSize,
  type Site,
  visitor,
} from '../../scripts/bench/browser/visit.ts'
import type { Sql } from '../../scripts/bench/world.ts'
import { chromiumPath } from './support/browser.ts'
import { consoleServer } from './support/console-server.ts'

/**
 * What keeps a board of 1,000 cards quick. Times are printed and not judged here: `npm run bench`
 * has bounds for them.
 */
describe.skipIf(!chromiumPath)('a board of 1,000 cards', async () => {
  if (chromiumPath === undefined) return
  const { client, console: base } = await consoleServer()
  const site: Site = {
    url: base.replace(/\/console$/, ''),
    token: client.adminToken,
    call: async (method, path, body) => {
      const answer = await client.request(method, path, body)
      if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
      return answer.body
    },
  }
  const browser = await launch(chromiumPath)
  afterAll(() => browser.close())
  const board = await boardOf(site, client.database.sql as unknown as Sql, 1000)

  test('takes 160 kB of packed scripts at most', async () => {
    const { paint, usable, scripts } = await load(browser, site, board.url)
    const size = await packedSize(scripts)
    console.info(
      `A board of 1,000 cards: first paint after ${ms(paint)}, usable after ${ms(usable)}, ` +
        `${Math.round(size / 1000)} kB of scripts.`,
    )
    expect(size).toBeLessThanOrEqual(160_000)
  })

  test('finds its cards without waiting for the project, and asks for nothing twice', async () => {
    const page = await visitor(browser, site)
    const asked = requestsOf(page)
    await page.goto(board.url)
    await page.locator('.card[data-id]').first().waitFor()
    const paths = asked().filter((path) => !path.startsWith('/console'))
    expect(paths).toEqual([...new Set(paths)])
    // The sprint is found by its code alone: that waits for no project.
    expect(paths).toContain(`/sprints?code=${board.url.split('/').at(-1)}`)
    expect(paths).toContain('/sprints/tasks')
    await page.context().close()
  })

  test('draws a card that changed and no other, and asks for that card alone', async () => {
    const page = await onBoard(browser, site, board.url)
    const other = await onBoard(browser, site, board.url)
    const readAgain = other.waitForResponse((it) => it.url().includes('/tasks?ids='))
    const move = await moveByMenu(page, other, 0)
    const { perSecond } = await scrollBoard(page, 1000)
    console.info(
      `A move shows after ${ms(move.here)}, in a second window after ${ms(move.there ?? 0)}; ` +
        `scrolling at ${Math.round(perSecond)} frames a second.`,
    )
    await page.close()

    const drawn = await other.locator('.card[data-id]').count()
    expect(drawn).toBeGreaterThan(50)
    const draws = await countDraws(other)
    // The card that moved is read and drawn once more, which may come late.
    await readAgain
    await expect.poll(draws, { interval: 500 }).toBe(0)
    const asked = requestsOf(other)

    const card = other.locator('.column-review .card[data-id]').nth(1)
    const id = await card.getAttribute('data-id')
    await site.call('PATCH', `/tasks/${id}`, { title: 'Renamed elsewhere' })
    await other.getByRole('link', { name: 'Renamed elsewhere' }).waitFor()
    // Once for the new title.
    expect(await draws()).toBe(1)
    expect(asked().filter((path) => path !== '/sprints/velocity')).toEqual([`/tasks?ids=${id}`])

    await site.call('PATCH', `/tasks/${id}`, { board_status: 'testing' })
    await other.locator(`.cards[data-status="testing"] .card[data-id="${id}"]`).waitFor()
    await expect.poll(asked).toContain(`/tasks?ids=${id}`)
    // In its new column, again with what is read after the event, and the card that moved up.
    expect(await draws()).toBeLessThanOrEqual(4)
    await other.context().close()
  })
})

const ms = (value: number) => `${Math.round(value)} ms`

/** What a page asks the product for from now on, without limits and numbers. */
function requestsOf(page: Page): () => string[] {
  const paths: string[] = []
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url())
    searchParams.delete('limit')
    const query = searchParams.size > 0 ? `?${searchParams}` : ''
    paths.push(pathname.replace(/^(\/sprints)\/\d+/, '$1') + query)
  })
  return () => paths
}

/** How often cards were drawn since the last time it was asked, as the engine counts calls. */
async function countDraws(page: Page): Promise<() => Promise<number>> {
  const cdp: CDPSession = await page.context().newCDPSession(page)
  await cdp.send('Profiler.enable')
  await cdp.send('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  const sources = new Map<string, string>()
  const sourceOf = async (url: string) => {
    const known = sources.get(url) ?? (await (await fetch(url)).text())
    sources.set(url, known)
    return known
  }
  return async () => {
    const { result } = await cdp.send('Profiler.takePreciseCoverage')
    let least: { length: number; calls: number } | undefined
    for (const { url, functions } of result) {
      if (!url.includes('/console/assets/')) continue
      const source = await sourceOf(url)
      for (const { ranges } of functions) {
        const [range] = ranges
        if (range === undefined) continue
        const text = source.slice(range.startOffset, range.endOffset)
        // The innermost function with what only a card has.
        if (!text.includes('card-top')) continue
        if (least === undefined || text.length < least.length) {
          least = { length: text.length, calls: range.count }
        }
      }
    }
    return least?.calls ?? 0
  }
}
