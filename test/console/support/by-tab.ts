import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** What names a thing: its label, or its text. */
const namesOf = `(it) =>
  [it.ariaLabel, it.labels?.[0]?.textContent, it.textContent].map((name) => name?.trim())`
const names = `(${namesOf})(document.activeElement)`
const isThere = `(name) =>
  [...document.querySelectorAll('a, button, input, select, textarea, [tabindex]')].some((it) =>
    (${namesOf})(it).includes(name))`

export const focusIsOn = async (page: Page, name: string): Promise<boolean> =>
  ((await page.evaluate(names)) as unknown[]).includes(name)

/** Presses Tab, or a key like it, until what is called so has the focus; it may still have to come. */
export async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  await expect
    .poll(() => page.evaluate(`(${isThere})(${JSON.stringify(name)})`), { message: name })
    .toBe(true)
  for (let pressed = 0; pressed < 80; pressed++) {
    if (await focusIsOn(page, name)) return
    await page.keyboard.press(key)
  }
  throw new Error(`no way by ${key} to ${name}`)
}
