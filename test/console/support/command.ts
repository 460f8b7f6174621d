import type { Page } from 'playwright-core'

/** Runs what the palette finds by these words, once it is what Enter would take: some comes with data. */
export async function command(page: Page, words: string, title: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.keyboard.type(words)
  await page.getByRole('option', { name: title, selected: true }).waitFor()
  await page.keyboard.press('Enter')
}
