import { gzipSync } from 'node:zlib'
import { type Browser, chromium, type Page } from 'playwright-core'
import { loadTimes, stampUse, watchInput } from './in-page.ts'

/** A running product, as whoever measures it in a browser needs it. */
export interface Site {
  /** Its origin, such as http://127.0.0.1:8787. */
  url: string
  /** Of an administrator. */
  token: string
  /** Calls the API with that token. @throws where it refuses */
  call<T>(method: string, path: string, body?: unknown): Promise<T>
}

export const launch = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--headless=new'] })

/** A signed-in visitor with nothing in the cache, whose pages tell when they were usable. */
export async function visitor(browser: Browser, site: Site): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  const answer = await page.request.post(`${site.url}/auth/login`, { data: { token: site.token } })
  if (!answer.ok()) throw new Error(`signing in: ${answer.status()}`)
  await page.addInitScript(stampUse)
  await page.addInitScript(watchInput)
  return page
}

/** A visitor who sees the board, or the bare lists, at this address. */
export async function visit(browser: Browser, site: Site, url: string): Promise<Page> {
  const page = await visitor(browser, site)
  await page.goto(url)
  await page.waitForSelector('html[data-usable]')
  return page
}

/** A visitor whose board is drawn and live. */
export async function onBoard(browser: Browser, site: Site, url: string): Promise<Page> {
  const page = await visit(browser, site, url)
  await page.getByText('Live', { exact: true }).first().waitFor()
  return page
}

export interface Load {
  /** First contentful paint and cards to work with, since the navigation began (ms). */
  paint: number
  usable: number
  /** Where the scripts were that it took. */
  scripts: string[]
}

/** Opens it with nothing in the cache. */
export async function load(browser: Browser, site: Site, url: string): Promise<Load> {
  const page = await visit(browser, site, url)
  try {
    return await page.evaluate<Load>(loadTimes)
  } finally {
    await page.context().close()
  }
}

/** Bytes of these scripts as gzip packs them. */
export async function packedSize(scripts: readonly string[]): Promise<number> {
  const packed = scripts.map(async (url) => {
    const answer = await fetch(url)
    return gzipSync(await answer.arrayBuffer()).byteLength
  })
  return (await Promise.all(packed)).reduce((sum, size) => sum + size, 0)
}
