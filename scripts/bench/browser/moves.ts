import type { Page } from 'playwright-core'
import { focusCard, presented, whenIn, whenInput } from './in-page.ts'

/** A column, and the letter that picks it in the menu. */
const first = { status: 'review', key: 'r' }
const columns = [first, { status: 'done', key: 'd' }, { status: 'in_progress', key: 'i' }]

export interface SeenMove {
  /** From the input until this window has presented it (ms). */
  here: number
  /** Until another window shows it (ms); absent without one. */
  there: number | undefined
}

/** Moves a card to another column by its menu, as a person does. */
export async function moveByMenu(page: Page, other: Page, turn: number): Promise<SeenMove> {
  const { status, key } = columns[turn % columns.length] ?? first
  const id = await page.evaluate<number>(focusCard(status))
  await page.keyboard.press('m')
  await page.getByRole('menu').waitFor()
  await page.keyboard.press(key)
  return seen({ page, other, id, status, type: 'keydown' }, () => page.keyboard.press('Enter'))
}

/** The same on the bare lists. */
export async function moveBareLine(page: Page): Promise<SeenMove> {
  const id = await page.evaluate<number>(
    `(() => { const line = document.querySelector('#first li'); line.focus(); return Number(line.dataset.id) })()`,
  )
  return seen({ page, id, status: 'done', type: 'keydown' }, () => page.keyboard.press('Enter'))
}

interface Watched {
  page: Page
  other?: Page
  id: number
  status: string
  /** Of the event that moves it. */
  type: 'keydown' | 'drop'
}

async function seen(
  { page, other, id, status, type }: Watched,
  act: () => Promise<void>,
): Promise<SeenMove> {
  const shown = page.evaluate<number>(whenIn(id, status))
  const shownThere = other?.evaluate<number>(whenIn(id, status))
  const input = page.evaluate<number>(whenInput(type))
  // Both are watching once they answer: a page is asked one thing after the other.
  await Promise.all([page.evaluate('0'), other?.evaluate('0')])
  await act()
  const began = await input
  const drawn = (await shown) - began
  const there = await shownThere
  // A frame may be drawn before it is presented, and presented before it shows the move.
  const here = Math.max(drawn, await page.evaluate<number>(presented(type, began)))
  return { here, there: there === undefined ? undefined : there - began }
}
