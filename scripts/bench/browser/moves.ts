import type { Page } from 'playwright-core'
import { focusCard, focusFirst, presented, whenIn, whenInput } from './in-page.ts'

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

/** Drags the first card of a column over to another one. */
export async function moveByDrag(page: Page, turn: number): Promise<SeenMove> {
  const [from, to] = turn % 2 === 0 ? ['todo', 'testing'] : ['testing', 'todo']
  const card = page.locator(`.cards[data-status="${from}"] .card`).first()
  const id = Number(await card.getAttribute('data-id'))
  const start = await card.boundingBox()
  const end = await page.locator(`.cards[data-status="${to}"] .card`).first().boundingBox()
  if (!start || !end) throw new Error('there is nothing to drag, or nowhere to')
  await page.mouse.move(start.x + 60, start.y + 50)
  await page.mouse.down()
  await page.mouse.move(start.x + 70, start.y + 60, { steps: 3 })
  await page.mouse.move(end.x + 60, end.y + 20, { steps: 5 })
  return seen({ page, id, status: `${to}`, type: 'drop' }, () => page.mouse.up())
}

/** Moves the card that has the focus to the next column by keys. */
export async function moveByKey(page: Page, turn: number): Promise<SeenMove> {
  const [from, to, key] =
    turn % 2 === 0 ? ['todo', 'in_progress', 'ArrowRight'] : ['in_progress', 'todo', 'ArrowLeft']
  const id = await page.evaluate<number>(focusFirst(`${from}`))
  return seen({ page, id, status: `${to}`, type: 'keydown' }, () =>
    page.keyboard.press(`Alt+Shift+${key}`),
  )
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
