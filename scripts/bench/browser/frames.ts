import type { Page } from 'playwright-core'
import { scrolling } from './in-page.ts'

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

/** The least a browser can be asked to scroll: bare lines, on a page that shows them. */
export const scrollBareLines = (page: Page, ms: number): Promise<Frames> =>
  page.evaluate<Frames>(scrolling('#first', ms))
