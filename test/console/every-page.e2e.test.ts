import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engineUnderTest } from '../scripts/local-windmill/engine-under-test.ts'
import { accessibilityProblems, chromiumPath } from './support/browser.ts'
import { consoleServer } from './support/console-server.ts'
import { furnished, type Place } from './support/furnished.ts'
import { sampleFlows } from './support/sample-flows.ts'
import { desk, phone, useVisits } from './support/visits.ts'

type At = [pattern: string, place: Place]

/** Every page with something on it, and with nothing where that looks different. */
const pages: [...At, heading: string | RegExp][] = [
  ['/', 'streaks', 'Projects'],
  ['/sprints', 'streaks', 'Sprints'],
  ['/tokens', 'streaks', 'Tokens'],
  ['/events', 'streaks', 'Events'],
  ['/flow-runs', 'streaks', 'Flow runs'],
  ['/flow-runs/:job', 'asking', 'reconcile specs'],
  ['/flow-runs/:job', 'done', 'complete sprint'],
  ['/parked', 'streaks', 'Parked work'],
  ['/projects/:slug', 'streaks', /^Streaks/],
  ['/projects/:slug', 'blank', 'Blank'],
  ['/projects/:slug/conflicts', 'streaks', 'Conflicts'],
  ['/projects/:slug/conflicts', 'blank', 'Conflicts'],
  ['/projects/:slug/backlog', 'history', 'Backlog'],
  ['/projects/:slug/backlog', 'blank', 'Backlog'],
  ['/projects/:slug/runs', 'streaks', 'Runs'],
  ['/projects/:slug/runs', 'blank', 'Runs'],
  ['/projects/:slug/runs/:id?step=:step', 'streaks', 'deliver streaks'],
  ['/projects/:slug/sessions', 'streaks', 'Sessions'],
  ['/projects/:slug/sessions', 'blank', 'Sessions'],
  ['/projects/:slug/sessions/:session', 'streaks', /^coder on/],
  ['/projects/:slug/settings', 'streaks', 'Settings'],
  ['/projects/:slug/events?event=:event', 'streaks', 'Events'],
  ['/projects/:slug/charts', 'history', 'Charts'],
  ['/projects/:slug/charts', 'blank', 'Charts'],
  ['/projects/:slug/sprints/:code', 'streaks', 'Daily streaks'],
  ['/projects/:slug/sprints/:code?task=:task', 'streaks', 'Daily streaks'],
  ['/projects/:slug/sprints/:code', 'blank', 'Nothing yet'],
  ['/projects/:slug/sprints/:code/charts', 'history', 'Second steps'],
  ['/projects/:slug/sprints/:code/history', 'streaks', 'Daily streaks'],
  ['/projects/:slug/sprints/:code/report', 'closed', 'First steps'],
]
const missing: typeof pages = [
  ['/nowhere', 'none', 'No such page'],
  ['/projects/:slug', 'none', 'none'],
  ['/projects/:slug/runs/:id', 'none', /./],
  ['/projects/:slug/sessions/:session', 'none', 'Session'],
  ['/projects/:slug/sprints/:code', 'none', 'NONE-1'],
  ['/flow-runs/:job', 'none', /./],
]

const press = (key: string) => (page: Page) => page.keyboard.press(key)
const click = (name: string) => (page: Page) => page.getByRole('button', { name }).first().click()
const dialogs: [...At, name: string | RegExp, open: (page: Page) => Promise<void>][] = [
  ['/', 'streaks', 'Search or do anything', press('Control+k')],
  ['/projects/:slug/sprints/:code', 'streaks', 'Keyboard shortcuts', press('?')],
  [
    '/projects/:slug/sprints/:code',
    'streaks',
    /Move/,
    async (page) => {
      await page.getByRole('link', { name: 'Higher than the window 1', exact: true }).focus()
      await page.keyboard.press('m')
    },
  ],
  ['/projects/:slug/backlog', 'history', /Import/, press('i')],
  ['/projects/:slug/backlog', 'history', 'Create a task', press('c')],
  ['/projects/:slug/backlog', 'history', /sprint/, press('s')],
  ['/projects/:slug/backlog', 'history', /Start/, click('Start…')],
  ['/projects/:slug/backlog', 'history', /Complete/, click('Complete…')],
  ['/projects/:slug/runs', 'blank', /run/, press('c')],
  ['/projects/:slug/sessions/:session', 'streaks', /Replay/, click('Replay…')],
  ['/projects/:slug/sessions/:session', 'streaks', /Answer/, click('Answer…')],
  ['/projects/:slug/sessions/:session', 'streaks', /Undo/, click('Undo its work…')],
  [
    '/projects/:slug/sprints/:code/history',
    'streaks',
    /Roll back/,
    async (page) => {
      await page.getByRole('button', { name: /^Went from planning/ }).click()
      await click('Roll back to this…')(page)
    },
  ],
  ['/flow-runs', 'streaks', /flow/, press('c')],
  ['/tokens', 'streaks', /token/, click('Create a token')],
]

test('no address of the console is left out', async () => {
  const source = await readFile(new URL('../../console/src/routes.tsx', import.meta.url), 'utf8')
  const patterns = [...source.matchAll(/\[\s*'(\/[^']*)',\s*\(/g)].map(([, it]) => it)
  expect(patterns).toContain('/projects/:slug/sprints/:code')
  const walked = pages.map(([pattern]) => pattern.replace(/\?.*/, ''))
  expect(patterns.filter((it = '') => !walked.includes(it))).toEqual([])
})

describe.skipIf(!chromiumPath)('every page', async () => {
  const { engine, folder } = await engineUnderTest()
  await sampleFlows(folder)
  const server = await consoleServer({ url: engine.url, token: 'admin' })
  const signedIn = useVisits(server)
  const addressOf = await furnished(server.client)
  let page: Page
  const refused: string[] = []
  const titles = new Map<string, string>()
  beforeAll(async () => {
    page = await signedIn('/')
    page.on('response', (it) => void (it.status() >= 400 && refused.push(it.url())))
  })
  afterAll(() => page?.context().close())

  async function open(pattern: string, place: Place, heading: string | RegExp) {
    await page.setViewportSize(desk)
    await page.goto(server.console + addressOf(pattern, place))
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await expect.poll(() => page.locator('.skeleton').count()).toBe(0)
  }
  /** Nothing that axe finds in light and dark, nothing wider than a phone. */
  async function looksRight() {
    expect(await accessibilityProblems(page), 'light').toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await accessibilityProblems(page), 'dark').toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize(phone)
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width)
  }
  async function stands() {
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
    await expect.poll(() => page.title()).toMatch(/^.+ · DevGodzilla$/)
    const title = await page.title()
    const path = new URL(page.url()).pathname
    expect([path, undefined], title).toContain(titles.get(title))
    titles.set(title, path)
    await looksRight()
  }

  test.each(pages)('%s of %s has a title, one heading, and nothing amiss', async (...row) => {
    refused.length = 0
    await open(...row)
    await stands()
    expect(refused).toEqual([])
  })

  test.each(missing)('%s says so where nothing is', async (...row) => {
    await open(...row)
    await stands()
    await page.getByRole('main').getByRole('link').first().waitFor()
  })

  test.each(dialogs)('over %s of %s “%s” can be read by everybody', async (...row) => {
    const [pattern, place, name, show] = row
    await open(pattern, place, /./)
    await show(page)
    await page.getByRole('dialog', { name }).or(page.getByRole('menu', { name })).waitFor()
    await looksRight()
  })
})
