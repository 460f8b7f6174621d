import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { accessibilityProblems, chromiumPath } from './support/browser.ts'
import { command } from './support/command.ts'
import { consoleServer } from './support/console-server.ts'
import { sampleSprint } from './support/sample-sprint.ts'
import { useVisits } from './support/visits.ts'

describe.skipIf(!chromiumPath)('the frame around the console’s pages', async () => {
  const server = await consoleServer()
  const { client } = server
  const visit = useVisits(server)

  async function signedIn(path: string, token = client.adminToken): Promise<Page> {
    const page = await visit(path, { token })
    await page.getByText('Live', { exact: true }).waitFor()
    return page
  }
  const focused = (page: Page) =>
    page.evaluate("document.activeElement.id || document.activeElement.getAttribute('role')")
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })
  const path = (page: Page) => page.url().slice(server.console.length)

  test('the palette finds what is typed, runs it, and shows it first the next time', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample.board)
    await page.keyboard.press('Control+k')
    const field = page.getByRole('combobox', { name: 'Search or do anything' })
    await field.fill('events')
    await page.getByRole('option', { name: 'Events' }).first().waitFor()
    await page.keyboard.press('Enter')
    await heading(page, 'Events').waitFor()

    await page.keyboard.press('Control+k')
    const first = page.getByRole('group', { name: 'Recent' }).getByRole('option').first()
    expect(await first.textContent()).toContain('Events')
    await page.keyboard.press('Escape')
    await field.waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Search' }).click()
    await field.fill('daily')
    await page.locator('button[role=option]', { hasText: sample.code }).click()
    await heading(page, 'Daily streaks').waitFor()
  })

  test('tasks of all projects are found by keyboard alone, and open on their board', async () => {
    const [one, two] = [await sampleSprint(client), await sampleSprint(client)]
    await two.addCard('Polish the harbour lights')
    const page = await signedIn(one.board)
    await page.getByRole('region', { name: /^To do/ }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('harb light')
    const found = page.getByRole('option', { name: /Polish the harbour lights/ })
    await found.waitFor()
    expect(await found.textContent()).toContain('Daily streaks')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: 'Polish the harbour lights' }).waitFor()
    await expect.poll(() => path(page)).toContain(two.board)
    await page.keyboard.press('/')
    await page.keyboard.type('nothing like it')
    await page.getByText('Nothing holds “nothing like it”.').waitFor()
  })

  test('G and a key goes places, and keys are left alone where somebody types', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample.board)
    await page.getByRole('region', { name: /^To do/ }).waitFor()
    const go = async (key: string, to: string) => {
      await page.keyboard.press('g')
      await page.keyboard.press(key)
      await expect.poll(() => path(page)).toBe(to)
    }
    await go('e', `/projects/${sample.slug}/events`)
    await expect.poll(() => focused(page)).toBe('main')
    await go('s', '/sprints')
    await go('o', `/projects/${sample.slug}`)
    await go('b', sample.board)

    await page.keyboard.press('Control+k')
    await page.keyboard.type('ge?')
    await expect.poll(() => page.getByRole('combobox').inputValue()).toBe('ge?')
    await page.keyboard.press('Escape')
    expect(path(page)).toBe(sample.board)
  })

  test('the help lists the keys of the page, and single keys can be turned off', async () => {
    const page = await signedIn('/sprints')
    await heading(page, 'Sprints').waitFor()
    await page.keyboard.press('?')
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await help.getByText('Search tasks').waitFor()
    await page.keyboard.press('/')
    expect(await page.getByRole('combobox', { name: /Search/ }).count()).toBe(0)
    await help.getByRole('checkbox').uncheck()
    // What is said outside of a dialog is not heard in it.
    const said = help.locator('[data-announcer]', { hasText: 'Single-key shortcuts are off.' })
    await said.waitFor({ state: 'attached' })
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'detached' })

    await page.keyboard.press('/')
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    expect(path(page)).toBe('/sprints')
    await command(page, 'single keys', 'Turn shortcuts of single keys on or off')
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await heading(page, 'Projects').waitFor()
  })

  test('a page that a newer console replaced asks to reload, and stays on its page', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample.board)
    await page.getByRole('region', { name: /^To do/ }).waitFor()
    await page.route('**/assets/events-page-*', (route) => route.fulfill({ status: 404 }))
    await page.keyboard.press('g')
    await page.keyboard.press('e')
    await heading(page, 'There is a newer console').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.unroute('**/assets/events-page-*')
    await page.getByRole('button', { name: 'Reload' }).click()
    await heading(page, 'Events').waitFor()
  })

  test('a session that ends asks to sign in over the page and keeps what was typed', async () => {
    const sample = await sampleSprint(client)
    const token = await client.post('/tokens', { name: 'anna', role: 'member' })
    const page = await signedIn(sample.board, token.body.secret)
    const field = page.getByLabel('Filter cards').first()
    await field.fill('count')
    await client.delete(`/tokens/${token.body.id}`)
    const asked = page.getByRole('dialog', { name: 'Your session has ended' })
    await asked.waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await asked.getByLabel('Access token').fill('wrong')
    await page.keyboard.press('Enter')
    await asked.getByRole('alert').filter({ hasText: 'not known' }).waitFor()
    await asked.getByLabel('Access token').fill(client.adminToken)
    await page.keyboard.press('Enter')
    await asked.waitFor({ state: 'detached' })
    expect(await field.inputValue()).toBe('count')
    await page.getByText('Live', { exact: true }).waitFor()
  })

  test('while the server is away pages keep what they show, say so, and come back', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample.board)
    const card = page.getByRole('link', { name: 'Plan', exact: true })
    await card.waitFor()
    await server.stop()
    await page.getByText('Reconnecting…').waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    await heading(page, 'Waiting for the server').waitFor()
    await page.goBack()
    await card.waitFor()
    await server.start()
    await page.getByText('Live', { exact: true }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    await heading(page, 'Sprints').waitFor()
  })

  test('tabs of a browser share one stream, which another takes over when its tab closes', async () => {
    const sample = await sampleSprint(client)
    const first = await signedIn(sample.board)
    const streams: string[] = []
    first.context().on('request', (request) => {
      if (request.url().includes('/events/stream')) streams.push(request.url())
    })
    const second = await first.context().newPage()
    await second.goto(server.console + sample.board)
    const blocked = (page: Page) => page.getByText('The disk is full.').first()
    await second.getByText('Live', { exact: true }).waitFor()
    await client.post(`/steps/${sample.steps[0]}/actions/start`, {})
    await client.post(`/steps/${sample.steps[0]}/actions/fail`, { reason: 'The disk is full.' })
    await blocked(first).waitFor()
    await blocked(second).waitFor()
    expect(streams).toEqual([])

    await first.close()
    await expect.poll(() => streams.length).toBe(1)
    await client.post(`/steps/${sample.steps[0]}/actions/retry`, {})
    await blocked(second).waitFor({ state: 'detached' })
  })

  test('on a phone the menu opens over the page, and closes when one has arrived', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample.board)
    await page.setViewportSize({ width: 360, height: 740 })
    await page.locator('.card-select').first().waitFor()
    const isReached = `(() => {
      const box = document.querySelector('.card-select')
      const { x, y, width, height } = box.getBoundingClientRect()
      const at = (by) => document.elementFromPoint(x + width / 2 + by, y + height / 2)
      return at(-11) === box && at(11) === box
    })()`
    await expect.poll(() => page.evaluate(isReached)).toBe(true)
    await page.getByRole('button', { name: 'Menu', exact: true }).click()
    const menu = page.getByRole('dialog', { name: 'Menu' })
    await menu.waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await menu.getByRole('link', { name: 'Events' }).click()
    await menu.waitFor({ state: 'detached' })
    await heading(page, 'Events').waitFor()
  })
})
