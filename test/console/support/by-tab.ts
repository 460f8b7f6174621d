import type { Page } from 'playwright-core'

/** What names the thing that has the focus: its label, or its text. */
const names = `(() => {
  const it = document.activeElement
  return [it.ariaLabel, it.labels?.[0]?.textContent, it.textContent].map((name) => name?.trim())
})()`

export const focusIsOn = async (page: Page, name: string): Promise<boolean> =>
  ((await page.evaluate(names)) as unknown[]).includes(name)

/** Presses Tab, or a key like it, until what is called so has the focus. */
export async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  for (let pressed = 0; pressed < 80; pressed++) {
    if (await focusIsOn(page, name)) return
    await page.keyboard.press(key)
  }
  throw new Error(`no way by ${key} to ${name}`)
}
