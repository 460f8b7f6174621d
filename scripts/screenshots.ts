import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { type Browser, chromium } from 'playwright-core'

/**
 * `npm run screenshots`: starts a fresh DevGodzilla with its sample project, and takes the README's
 * pictures of it in a real browser, light and dark.
 */
const bin = fileURLToPath(new URL('bin.mjs', import.meta.url))
const pictures = fileURLToPath(new URL('../console/screenshots', import.meta.url))

/** What the pictures show, below the console; each with words that are there when it is drawn. */
const pages = [
  { name: 'board', path: '/projects/sample/sprints/SAMPLE-S1', shows: 'Keep walks in the browser' },
  { name: 'charts', path: '/projects/sample/charts', shows: 'SAMPLE-S5' },
  { name: 'planning', path: '/projects/sample/backlog', shows: 'Backlog' },
  { name: 'run', path: '/projects/sample/runs/1', shows: 'Write the change log' },
]

const dataDir = await mkdtemp(join(tmpdir(), 'devgodzilla-screenshots-'))
const product = execa(
  process.execPath,
  [bin, 'start', '--json', '--data-dir', dataDir, '--port', '0', '--windmill-port', '0'],
  { reject: false },
)
try {
  const ready = await firstLine(product)
  await mkdir(pictures, { recursive: true })
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  })
  try {
    await takePictures(browser, JSON.parse(ready).console)
  } finally {
    await browser.close()
  }
} finally {
  product.kill('SIGTERM')
  await product
  await rm(dataDir, { recursive: true, force: true })
}

async function firstLine({ stdout }: typeof product): Promise<string> {
  if (stdout) for await (const line of createInterface({ input: stdout })) return line
  throw new Error('DevGodzilla ended before it was ready')
}

/** The one-time link is good for one browser, whose colour scheme then changes. */
async function takePictures(browser: Browser, link: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(link)
  await page.getByText('Live', { exact: true }).waitFor()
  for (const { name, path, shows } of pages) {
    await page.goto(`${new URL(link).origin}/console${path}`)
    await page.getByText(shows).first().waitFor()
    const loading = page.locator('.skeleton')
    while ((await loading.count()) > 0) await loading.first().waitFor({ state: 'detached' })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const picture = join(pictures, `${name}-${colorScheme}.png`)
      await page.screenshot({ path: picture })
      console.log(picture)
    }
  }
}
