import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { requireTool } from '../../support/requires.ts'

export const chromiumPath = process.env.CHROMIUM || requireTool('chromium')

/** A browser for a test file; each page of it is a visitor of their own. */
export function useBrowser(): (options?: BrowserContextOptions) => Promise<Page> {
  let browser: Browser | undefined
  beforeAll(async () => {
    if (chromiumPath === undefined) return
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--no-sandbox', '--headless=new'],
    })
  })
  afterAll(() => browser?.close())
  return async (options) => {
    if (browser === undefined) throw new Error('the browser has not started')
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
    context.setDefaultTimeout(20_000)
    return context.newPage()
  }
}

/** What axe finds wrong, as lines that name the rule and the element. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // A page has no frames, so that nothing of it need be put together in a page of its own.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`))
}
