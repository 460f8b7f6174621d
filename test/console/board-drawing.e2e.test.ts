import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { accessibilityProblems, chromiumPath } from './support/browser.ts'
import { consoleServer } from './support/console-server.ts'
import { type SampleSprint, sampleSprint } from './support/sample-sprint.ts'
import { phone, useVisits } from './support/visits.ts'

describe.skipIf(!chromiumPath)('moving cards in a browser', async () => {
  const server = await consoleServer()
  const { client } = server
  const visit = useVisits(server)

  async function signedIn(sample: SampleSprint, query = '', dark = false) {
    // High enough that no column has to scroll.
    const viewport = { width: 1440, height: 1300 }
    const page = await visit(sample.board + query, { dark, viewport })
    await page.getByText('Live', { exact: true }).waitFor()
    // Dragging is fetched after the cards.
    await page.locator('.board[data-drop-target-for-element]').waitFor()
    return page
  }
  const cell = (page: Page, name: string) => page.getByRole('list', { name, exact: true })
  const card = (page: Page, id: string) =>
    page.locator('.board .card').filter({ has: page.getByText(id, { exact: true }) })
  /** The cards of a column from top to bottom, by the id that people know. */
  const shown = (page: Page, name: string) =>
    page.evaluate(`[...document.querySelectorAll('ul[aria-label="${name}"] .card')].map((card) => {
      const [id, title] = ['.card-id', '.card-title'].map((it) => card.querySelector(it).textContent)
      return id.startsWith('T0') ? id : title
    })`)
  const isShown = (page: Page, name: string, ids: string[]) =>
    expect.poll(() => shown(page, name), { timeout: 10_000 }).toEqual(ids)
  const tasks = async (sample: SampleSprint) =>
    (await client.get(`/sprints/${sample.sprintId}/tasks`)).body.items as Record<string, unknown>[]
  const isSaved = (sample: SampleSprint, id: string, facts: object) =>
    expect
      .poll(async () => (await tasks(sample)).find((it) => it.external_id === id), {
        timeout: 10_000,
      })
      .toMatchObject(facts)

  /** Takes a card and holds it over a place of something else, from 0 at its top to 1 below. */
  async function carry(page: Page, from: Locator, to: Locator, height = 0.5) {
    await from.hover()
    await page.mouse.down()
    const box = await to.boundingBox()
    if (box === null) throw new Error('not there')
    const [x, y] = [box.x + box.width / 2, box.y + box.height * height]
    await page.mouse.move(x, y - 8, { steps: 3 })
    await page.mouse.move(x, y, { steps: 2 })
  }
  async function drag(page: Page, from: Locator, to: Locator, height?: number) {
    await carry(page, from, to, height)
    await page.mouse.up()
  }

  test('cards are dragged between columns and in their order, one or several, and undone', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample)
    const other = await signedIn(sample)
    await isShown(page, 'To do', ['Plan', 'Build', 'Write notes', 'T002', 'T003', 'T004'])

    await drag(page, card(page, 'T004'), card(page, 'T002'), 0.2)
    await isShown(page, 'To do', ['Plan', 'Build', 'Write notes', 'T004', 'T002', 'T003'])
    await isShown(other, 'To do', ['Plan', 'Build', 'Write notes', 'T004', 'T002', 'T003'])

    await drag(page, card(page, 'T002'), cell(page, 'Review').locator('..'))
    await isShown(page, 'Review', ['T002'])
    await isShown(other, 'Review', ['T002'])

    await card(page, 'T003').getByRole('checkbox').check()
    await card(page, 'T004').getByRole('checkbox').check()
    await carry(page, card(page, 'T004'), card(page, 'T002'), 0.9)
    await page.locator('.drop-line').waitFor()
    await page.keyboard.press('Escape')
    await page.mouse.up()
    await isShown(page, 'Review', ['T002'])
    await drag(page, card(page, 'T004'), card(page, 'T002'), 0.9)
    await isShown(page, 'Review', ['T002', 'T004', 'T003'])
    await isShown(other, 'Review', ['T002', 'T004', 'T003'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await isShown(page, 'Review', ['T002'])
    await isShown(page, 'To do', ['Plan', 'Build', 'Write notes', 'T004', 'T003'])
    await isShown(other, 'To do', ['Plan', 'Build', 'Write notes', 'T004', 'T003'])

    await drag(page, card(page, 'T003'), cell(page, 'Blocked').locator('..'))
    const left = async (it: Locator) => (await it.boundingBox())?.x
    await expect
      .poll(() => left(page.locator('.drop-line')))
      .toBe(await left(cell(page, 'Blocked')))
    await page.getByLabel('What blocks 2 cards?').fill('A decision is missing.')
    await page.keyboard.press('Enter')
    await isShown(page, 'Blocked', ['T004', 'T003'])
    await isSaved(sample, 'T003', { blocked_reason: 'A decision is missing.' })

    // Somebody else moves the card away while it is held.
    await carry(page, card(page, 'T002'), card(page, 'T001'), 0.9)
    const held = (await tasks(sample)).find((it) => it.external_id === 'T002')
    await client.patch(`/tasks/${held?.id}`, { board_status: 'testing' })
    await isShown(page, 'Testing', ['T002'])
    await page.mouse.up()
    await isShown(page, 'Done', ['T001', 'T002'])
    await isShown(other, 'Done', ['T001', 'T002'])
  })

  test('a drop in another lane changes what the lane stands for, or says why it cannot', async () => {
    const sample = await sampleSprint(client)
    await client.patch(`/tasks/${(await tasks(sample))[0]?.id}`, { assignee: 'ada' })
    const page = await signedIn(sample, '?lanes=story')
    const area = (name: string) => cell(page, name).locator('..')
    await drag(page, card(page, 'T002'), area('In progress, No user story'))
    await isShown(page, 'In progress, No user story', ['T002'])
    await isSaved(sample, 'T002', { board_status: 'in_progress', labels: [] })
    await page.getByRole('button', { name: 'Undo' }).click()
    await isSaved(sample, 'T002', { board_status: 'todo', labels: ['US1'] })
    await isShown(page, 'To do, US1', ['T002', 'T003', 'T004'])
    await drag(page, card(page, 'T002'), card(page, 'T004'), 0.9)
    await isShown(page, 'To do, US1', ['T003', 'T004', 'T002'])
    await isSaved(sample, 'T002', { board_status: 'todo', labels: ['US1'] })

    await page.getByRole('button', { name: /^Lanes/ }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Assignee' }).click()
    await drag(page, card(page, 'T003'), area('Review, ada'))
    await isShown(page, 'Review, ada', ['T003'])
    await isSaved(sample, 'T003', { board_status: 'review', assignee: 'ada' })

    await page.getByRole('button', { name: /^Lanes/ }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Run' }).click()
    const run = page.getByRole('list', { name: /^Testing, #/ }).locator('..')
    await drag(page, card(page, 'T004'), run)
    await page.getByRole('alert').filter({ hasText: 'T004 could not move there' }).waitFor()
    await isShown(page, 'To do, No run', ['T004', 'T002'])
  })

  test('a drop that the server refuses goes back and names the rule', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample)
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/tasks/actions/place', async (route) => {
      await released
      await route.continue()
    })
    await drag(page, card(page, 'T001'), cell(page, 'Review').locator('..'))
    await isShown(page, 'Review', ['T001'])
    await client.post(`/sprints/${sample.sprintId}/actions/complete`, {})
    release()
    const refusal = page.getByRole('alert').filter({ hasText: 'T001 could not move to Review' })
    expect(await refusal.locator('code').textContent()).toBe('closed_sprint_is_read_only')
    await isShown(page, 'Review', [])
  })

  test('the same by keyboard alone, one card or all that are selected', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample, '', true)
    const other = await signedIn(sample)
    const keys = async (...all: string[]) => {
      for (const key of all) await page.keyboard.press(key)
    }
    const focusIsOn = (id: string) => card(page, id).locator(':focus').waitFor()
    await card(page, 'T004').getByRole('link').focus()
    await keys('Alt+ArrowUp')
    await isShown(page, 'To do', ['Plan', 'Build', 'Write notes', 'T002', 'T004', 'T003'])
    await keys('Alt+Shift+ArrowUp')
    await isShown(other, 'To do', ['T004', 'Plan', 'Build', 'Write notes', 'T002', 'T003'])
    await keys('Alt+Shift+ArrowRight')
    await isShown(page, 'In progress', ['T004'])
    await focusIsOn('T004')

    await card(page, 'T002').getByRole('link').focus()
    await keys('x', 'Shift+ArrowDown', 'Alt+Shift+ArrowDown', 'm')
    await page.getByRole('menu', { name: 'Move 2 cards to' }).waitFor()
    await keys('b')
    await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('Blocked…')
    await keys('Enter')
    await page.getByLabel('What blocks 2 cards?').waitFor()
    await page.keyboard.type('A key is missing.')
    await keys('Enter')
    await isShown(page, 'Blocked', ['T002', 'T003'])
    await isShown(other, 'Blocked', ['T002', 'T003'])
    await isSaved(sample, 'T002', { blocked_reason: 'A key is missing.' })
    await focusIsOn('T003')

    await keys('p')
    await page.getByRole('menu').waitFor()
    await keys('l', 'Enter')
    await isSaved(sample, 'T002', { priority: 'low' })
    await focusIsOn('T003')
    for (let left = 9; left > 0; left--) {
      if ((await page.evaluate('document.activeElement?.textContent')) === 'Points…') break
      await keys('Tab')
    }
    await keys('Enter')
    await page.getByLabel('Points of 2 cards').waitFor()
    await page.keyboard.type('many')
    await keys('Enter')
    await page.getByText('Points are a whole number').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await keys('Control+a', '8', 'Enter')
    await isSaved(sample, 'T002', { story_points: 8 })
    await isSaved(sample, 'T003', { story_points: 8 })
    await page.locator(':focus', { hasText: 'Points…' }).waitFor()
    await keys('Control+z')
    await isSaved(sample, 'T002', { story_points: 3 })
    await isSaved(sample, 'T003', { story_points: 3 })

    // The second key of a way to go is not the card's.
    await card(page, 'T003').getByRole('link').focus()
    await keys('g', 'p')
    await page.getByRole('heading', { name: 'Projects', level: 1 }).waitFor()
  })

  test('selected cards are labelled, given to somebody and planned at once', async () => {
    const sample = await sampleSprint(client)
    const next = { project_id: sample.projectId, name: 'Weekly streaks' }
    await client.post('/sprints', next)
    const page = await signedIn(sample)
    const bar = page.getByRole('region', { name: 'Selected cards' })
    await card(page, 'T002').getByRole('checkbox').check()
    await card(page, 'T003').getByRole('checkbox').check()
    await bar.getByText('2 selected').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await bar.getByRole('button', { name: 'Labels…' }).click()
    await page.getByLabel('Label for 2 cards').fill('api')
    await page.keyboard.press('Enter')
    await isSaved(sample, 'T003', { labels: ['US1', 'api'] })
    await bar.getByRole('button', { name: 'Labels…' }).click()
    await page.getByRole('button', { name: 'Remove US1' }).click()
    await isSaved(sample, 'T002', { labels: ['api'] })
    await bar.getByRole('button', { name: 'Assignee…' }).click()
    await page.getByRole('menuitem', { name: 'Somebody else…' }).click()
    await page.getByLabel('Assign 2 cards to').fill('grace')
    await page.keyboard.press('Enter')
    await isSaved(sample, 'T002', { assignee: 'grace' })
    await bar.getByRole('button', { name: 'Priority…' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'critical' }).click()
    await isSaved(sample, 'T003', { priority: 'critical' })

    await page.setViewportSize(phone)
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    await bar.getByRole('button', { name: 'Move to…' }).click()
    await page.getByRole('menuitem', { name: 'Sprint or backlog…' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Weekly streaks' }).click()
    await card(page, 'T002').waitFor({ state: 'detached' })
    await bar.waitFor({ state: 'detached' })
    await page.locator('.card :focus').first().waitFor()
  })
})
