import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterEach, expect } from 'vitest'
import { useBrowser } from './browser.ts'
import type { ConsoleServer } from './console-server.ts'

export const desk = { width: 1440, height: 900 }
export const phone = { width: 360, height: 740 }

export interface VisitOptions extends BrowserContextOptions {
  token?: string
  dark?: boolean
}

/**
 * Signed-in visitors of a console, each with a browser context of their own. A test whose pages
 * threw, broke the policy or wrote an error to the browser's console fails when it ends.
 */
export function useVisits(server: ConsoleServer, visitor = useBrowser()) {
  const complaints: string[] = []
  afterEach(() => expect(complaints.splice(0)).toEqual([]))

  return async function signedIn(path: string, options: VisitOptions = {}): Promise<Page> {
    const { token = server.client.adminToken, dark = false, ...context } = options
    const page = await visitor({ colorScheme: dark ? 'dark' : 'light', ...context })
    const data = { token }
    await page.request.post(`${server.console}/../auth/login`, { data })
    page.on('pageerror', ({ message }) => complaints.push(message))
    page.on('console', (line) => {
      // What the server refused, or did not answer, the page itself has to tell.
      const refused = /^(Failed to load resource|PageNotLoaded)/.test(line.text())
      if (line.type() === 'error' && !refused) complaints.push(line.text())
    })
    await page.goto(server.console + path)
    return page
  }
}
