import type { Page } from 'playwright-core'
import { focusCard, whenIn, whenPressed } from './in-page.ts'

/** A column, and the letter that picks it in the menu. */
const first = { status: 'review', key: 'r' }
const columns = [first, { status: 'done', key: 'd' }, { status: 'in_progress', key: 'i' }]

/**
 * Moves a card to another column by its menu, as a person does, and answers how long it took from
 * the last key until this window shows it there, and until another window does (ms).
 */
export async function seenMove(page: Page, other: Page, turn: number) {
  const { status, key } = columns[turn % columns.length] ?? first
  const id = await page.evaluate<number>(focusCard(status))
  await page.keyboard.press('m')
  await page.getByRole('menu').waitFor()
  await page.keyboard.press(key)
  const seen = Promise.all([
    page.evaluate<number>(whenIn(id, status)),
    other.evaluate<number>(whenIn(id, status)),
  ])
  const pressed = page.evaluate<number>(whenPressed)
  // Both are watching once they answer: a page is asked one thing after the other.
  await Promise.all([page.evaluate('0'), other.evaluate('0')])
  await page.keyboard.press('Enter')
  const began = await pressed
  const [here, there] = await seen
  return { here: here - began, there: there - began }
}
