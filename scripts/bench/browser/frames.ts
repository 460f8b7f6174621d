import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { scrolling } from './in-page.ts'
import type { Site } from './visit.ts'

export interface Frames {
  /** Frames a second while scrolling. */
  perSecond: number
  /** Time between two frames, of which one in twenty takes longer (ms). */
  slow: number
  longest: number
}

/** Scrolls the fullest column. */
export const scrollBoard = (page: Page, ms: number): Promise<Frames> =>
  page.evaluate<Frames>(scrolling('.column-todo [data-scroller]', ms))

/** The least a browser can be asked to scroll: a page of bare lines. */
export async function scrollBareLines(page: Page, lines: number, ms: number): Promise<Frames> {
  const items = Array.from({ length: lines }, (_, index) => `<li>Card ${index}</li>`)
  await page.setContent(
    `<ul id="bare" style="height:100vh;overflow:auto;margin:0">${items.join('')}</ul>`,
  )
  return page.evaluate<Frames>(scrolling('#bare', ms))
}

const statuses = ['in_progress', 'review', 'testing', 'todo']

/** Moves cards about, so many a second, as agents do, until stopped; answers how many it was. */
export function moveAbout(site: Site, taskIds: readonly number[], perSecond: number) {
  let stopped = false
  const run = async () => {
    const began = performance.now()
    let sent = 0
    while (!stopped) {
      const round = Math.floor(sent / taskIds.length)
      await site.call('PATCH', `/tasks/${taskIds[sent % taskIds.length]}`, {
        board_status: statuses[round % statuses.length],
      })
      sent += 1
      await sleep(Math.max(0, began + (sent * 1000) / perSecond - performance.now()))
    }
    return (sent * 1000) / (performance.now() - began)
  }
  const running = run()
  return {
    stop: () => {
      stopped = true
      return running
    },
  }
}
