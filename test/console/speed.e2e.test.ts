import { afterAll, describe, expect, test } from 'vitest'
import { measureBoardOf } from '../../scripts/bench/browser/measure-board.ts'
import { launch, type Site } from '../../scripts/bench/browser/visit.ts'
import type { Sql } from '../../scripts/bench/world.ts'
import { chromiumPath } from './support/browser.ts'
import { consoleServer } from './support/console-server.ts'

/** Prints its figures and judges the one that is no time: `npm run bench` has bounds for those. */
describe.skipIf(!chromiumPath)('how fast the board is', async () => {
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
  const sql = client.database.sql as unknown as Sql
  const browser = await launch(chromiumPath)
  afterAll(() => browser.close())

  test.each([1000, 5000])('with %i cards', async (cards) => {
    const effort = { loads: 2, moves: 3, scroll: 2500 }
    const seen = await measureBoardOf({ browser, site, sql }, cards, effort)
    const ms = (value: number) => `${Math.round(value)} ms`
    console.info(
      `A board of ${cards} cards: first paint ${ms(seen.paint)}, usable ${ms(seen.usable)}; ` +
        `a move shows in ${ms(seen.moveHere)}, in a second window in ${ms(seen.moveThere)}; ` +
        `${Math.round(seen.frames.perSecond)} frames a second while scrolling at ` +
        `${Math.round(seen.updates)} updates a second (bare lines: ` +
        `${Math.round(seen.bareFrames.perSecond)}); ${Math.round(seen.scripts / 1000)} kB of scripts, packed.`,
    )
    expect(seen.scripts).toBeLessThanOrEqual(160_000)
  })
})
