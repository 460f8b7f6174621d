import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { accessibilityProblems, chromiumPath, useBrowser } from './support/browser.ts'
import { consoleServer } from './support/console-server.ts'
import { sampleSprint } from './support/sample-sprint.ts'

describe.skipIf(!chromiumPath)('filters, views and the side peek in a browser', async () => {
  const server = await consoleServer()
  const { client } = server
  const visitor = useBrowser()

  /** A signed-in visitor at `path`, whose page has thrown nothing and broken no policy. */
  async function signedIn(path: string, options: { token?: string; dark?: boolean } = {}) {
    const page = await visitor({ colorScheme: options.dark ? 'dark' : 'light' })
    await page.request.post(`${server.console}/../auth/login`, {
      data: { token: options.token ?? client.adminToken },
    })
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (line) => {
      if (line.text().includes('Content Security Policy')) complaints.push(line.text())
    })
    await page.goto(server.console + path)
    return { page, complaints }
  }
  const cards = (page: Page) => page.locator('.card .card-title').allTextContents()

  describe('filters', () => {
    test('by mouse: asked for, told in the address, taken back one by one', async () => {
      const sample = await sampleSprint(client)
      const { page, complaints } = await signedIn(sample.board)
      await page.getByText('7 cards', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Filter', exact: true }).click()
      await page.getByRole('checkbox', { name: 'US1' }).click()
      await page.getByText('3 of 7 cards', { exact: true }).waitFor()
      await page.getByRole('checkbox', { name: 'To do' }).click()
      await page.getByRole('checkbox', { name: 'Done' }).click()
      expect(await accessibilityProblems(page)).toEqual([])
      await page.keyboard.press('Escape')
      expect(new URL(page.url()).search).toBe('?status=todo&status=done&story=US1')
      await page.getByRole('button', { name: 'Remove User story: US1' }).click()
      await page.getByText('7 of 7 cards', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Remove Status: To do' }).click()
      await page.getByText('1 of 7 cards', { exact: true }).waitFor()
      await page.goBack()
      await page.getByText('7 of 7 cards', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Clear' }).click()
      await page.getByText('7 cards', { exact: true }).waitFor()
      expect(new URL(page.url()).search).toBe('')
      expect(complaints).toEqual([])
    })

    test('by keyboard alone: F, words, a filter found by typing, and the way out', async () => {
      const sample = await sampleSprint(client)
      const { page } = await signedIn(sample.board)
      await page.getByText('7 cards', { exact: true }).waitFor()
      const before = await page.evaluate('history.length')
      await page.keyboard.press('f')
      await page.keyboard.type('streak page')
      await page.getByText('1 of 7 cards', { exact: true }).waitFor()
      expect(await cards(page)).toEqual([expect.stringContaining('Show the streak')])
      expect(await page.evaluate('history.length')).toBe(before)
      await page.keyboard.type(' nowhere')
      await page.getByText('No card fits the filters').waitFor()
      expect(await page.evaluate('document.activeElement.type')).toBe('search')

      await page.keyboard.press('Escape')
      await page.getByText('7 cards', { exact: true }).waitFor()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.keyboard.type('only mine')
      await page.keyboard.press('Enter')
      await page.getByText('0 of 7 cards', { exact: true }).waitFor()
      await page.keyboard.press('Escape')
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Filter')
      await page.getByRole('button', { name: 'Show all cards' }).focus()
      await page.keyboard.press('Enter')
      await page.getByText('7 cards', { exact: true }).waitFor()
    })

    test('a link shows what it names, says what nobody knows, and outlives a card', async () => {
      const sample = await sampleSprint(client)
      const { page } = await signedIn(`${sample.board}?q=page&status=doing&story=US1`)
      await page.getByText('1 of 7 cards', { exact: true }).waitFor()
      await page.getByText('“status=doing” filters nothing').waitFor()
      await page.getByRole('link', { name: 'Show the streak' }).click()
      await page.getByRole('complementary').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('complementary').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Remove status=doing' }).click()
      expect(new URL(page.url()).search).toBe('?q=page&story=US1')
    })
  })

  describe('saved views', () => {
    test('saved in one window, picked in another, changed, renamed, deleted', async () => {
      const sample = await sampleSprint(client)
      const { page } = await signedIn(`${sample.board}?story=US1`)
      const { page: other } = await signedIn(sample.board)
      const count = (there: Page, text: string) => there.getByText(text, { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Views' }).click()
      await page.getByRole('menuitem', { name: 'Save as a new view' }).click()
      await page.getByLabel('Name').fill('   ')
      await page.keyboard.press('Enter')
      await page.getByText('must not be blank').waitFor()
      await page.getByLabel('Name').fill('First story')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'First story', exact: true }).waitFor()

      await count(other, '7 cards')
      await other.getByRole('button', { name: 'Views' }).focus()
      await other.keyboard.press('Enter')
      await other.keyboard.press('f')
      await other.keyboard.press('Enter')
      await count(other, '3 of 7 cards')

      await page.getByRole('button', { name: 'Remove User story: US1' }).click()
      await page.getByRole('button', { name: 'First story changed' }).click()
      expect(await accessibilityProblems(page)).toEqual([])
      await page.getByRole('menuitem', { name: 'Back to “First story”' }).click()
      await count(page, '3 of 7 cards')
      await page.keyboard.press('f')
      await page.keyboard.type('page')
      await count(page, '1 of 7 cards')
      await page.getByRole('button', { name: 'First story changed' }).click()
      await page.getByRole('menuitem', { name: 'Save changes' }).click()
      await page.getByRole('button', { name: 'First story', exact: true }).waitFor()
      await other.getByRole('button', { name: 'First story changed' }).waitFor()

      await page.getByRole('button', { name: 'First story', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Delete' }).click()
      expect(await accessibilityProblems(page)).toEqual([])
      await page.getByRole('button', { name: 'Delete the view' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await other.getByText('The view of this address is gone.').waitFor()
    })
  })

  describe('the side peek', () => {
    const taskOf = async (sample: { sprintId: number }, externalId: string) =>
      (await client.get(`/sprints/${sample.sprintId}/tasks`)).body.items.find(
        (it: { external_id: string | null }) => it.external_id === externalId,
      )
    const saved = (sample: { sprintId: number }, externalId: string, wanted: object) =>
      expect.poll(() => taskOf(sample, externalId)).toMatchObject(wanted)

    test('every field is changed in place and saved by itself', async () => {
      const sample = await sampleSprint(client)
      const { code } = await taskOf(sample, 'T002')
      const { page, complaints } = await signedIn(`${sample.board}?task=${code}`)
      const peek = page.getByRole('complementary')
      const write = async (label: string, text: string, key = 'Enter') => {
        await peek
          .getByRole(label === 'Assignee' ? 'combobox' : 'textbox', { name: label, exact: true })
          .focus()
        await page.keyboard.press('Control+A')
        await page.keyboard.type(text)
        await page.keyboard.press(key)
      }
      await write('Title', 'Store check-ins')
      await page.getByRole('link', { name: 'Store check-ins' }).waitFor()
      await write('Points', '8')
      await write('Assignee', 'anna')
      await write('Labels', 'US1, api, api', 'Tab')
      await write('Description', 'One row\nper day', 'Tab')
      await peek.getByLabel('Due').fill('2026-02-01')
      await peek.getByLabel('Priority').selectOption('critical')
      await peek.getByLabel('Type').selectOption('bug')
      await peek.getByLabel('Column').selectOption('blocked')
      await write('Blocked by', 'No disk')
      await peek.getByLabel('New criterion').focus()
      await page.keyboard.type('Survives a restart')
      await page.keyboard.press('Enter')
      await peek.getByRole('checkbox', { name: 'Survives a restart' }).focus()
      await page.keyboard.press('Space')
      await saved(sample, 'T002', {
        title: 'Store check-ins',
        story_points: 8,
        assignee: 'anna',
        labels: ['US1', 'api'],
        description: 'One row\nper day',
        due_date: '2026-02-01T00:00:00.000Z',
        priority: 'critical',
        type: 'bug',
        board_status: 'blocked',
        blocked_reason: 'No disk',
        acceptance_criteria: ['[x] Survives a restart'],
      })
      await peek.getByText('1 of 1').waitFor()
      await peek.getByRole('button', { name: 'Remove Survives a restart' }).click()
      await saved(sample, 'T002', { acceptance_criteria: [] })
      await peek.getByLabel('Sprint').selectOption('')
      await peek.getByText('This card is not on this board').waitFor()
      await expect.poll(() => cards(page)).toHaveLength(6)
      expect(complaints).toEqual([])
    })

    test('what is wrong is told beside its field, and Escape brings back what was', async () => {
      const sample = await sampleSprint(client)
      const { code } = await taskOf(sample, 'T002')
      const { page } = await signedIn(`${sample.board}?task=${code}`)
      const peek = page.getByRole('complementary')
      await peek.getByLabel('Points').fill('-1')
      await page.keyboard.press('Enter')
      await peek.getByText('Points are a whole number').waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      await page.keyboard.press('Escape')
      expect(await peek.getByLabel('Points').inputValue()).toBe('3')
      await peek.getByLabel('Title').fill('  ')
      await page.keyboard.press('Tab')
      await peek.getByText('A card needs a title.').waitFor()
      await peek.getByLabel('Title').focus()
      await page.keyboard.press('Escape')
      expect(await taskOf(sample, 'T002')).toMatchObject({ story_points: 3 })
      await page.keyboard.press('Escape')
      await peek.waitFor({ state: 'detached' })
    })

    test('an edit that somebody overtook is shown beside theirs, and kept or given up', async () => {
      const sample = await sampleSprint(client)
      const task = await taskOf(sample, 'T002')
      const { page } = await signedIn(`${sample.board}?task=${task.code}`)
      const peek = page.getByRole('complementary')
      const field = peek.getByRole('textbox', { name: 'Description' })
      await field.fill('Mine')
      await client.patch(`/tasks/${task.id}`, { description: 'Theirs', assignee: 'ben' })
      await peek.getByText('Description was changed meanwhile').waitFor()
      await expect.poll(() => peek.getByLabel('Assignee').inputValue()).toBe('ben')
      expect(await field.inputValue()).toBe('Mine')
      await page.keyboard.press('Tab')
      expect(await taskOf(sample, 'T002')).toMatchObject({ description: 'Theirs' })
      expect(await accessibilityProblems(page)).toEqual([])
      await peek.getByRole('button', { name: 'Keep mine' }).click()
      await saved(sample, 'T002', { description: 'Mine' })

      await field.fill('Mine again')
      await client.patch(`/tasks/${task.id}`, { description: 'Theirs again' })
      await peek.getByRole('button', { name: 'Take theirs' }).click()
      expect(await field.inputValue()).toBe('Theirs again')
    })

    test('J and K walk the cards, events are read when asked for, any card of the project opens', async () => {
      const sample = await sampleSprint(client)
      const spare = await client.post('/tasks', { project_id: sample.projectId, title: 'Spare' })
      const { page } = await signedIn(sample.board)
      await page.getByText('7 cards', { exact: true }).waitFor()
      const [first = '', second = ''] = await cards(page)
      const peek = (name: string) => page.getByRole('complementary', { name })
      await page.getByRole('link', { name: first, exact: true }).click()
      await peek(first).waitFor()
      await page.keyboard.press('j')
      await peek(second).waitFor()
      await page.keyboard.press('k')
      await peek(first).getByText('Events').click()
      await peek(first).getByText('Created').waitFor()

      await page.goto(`${server.console}${sample.board}?task=${spare.body.code}`)
      await peek('Spare').getByText('This card is not on this board').waitFor()
      await page.goto(`${server.console}${sample.board}?task=NONE-1`)
      await page.getByText('There is no card “NONE-1”').waitFor()
    })

    test.each([true, false])('a viewer reads it, dark: %s, on a phone too', async (dark) => {
      const sample = await sampleSprint(client)
      const { code } = await taskOf(sample, 'T002')
      const token = (await client.post('/tokens', { name: `guest ${dark}`, role: 'viewer' })).body
      const { page } = await signedIn(`${sample.board}?task=${code}&story=US1&status=odd`, {
        token: token.secret,
        dark,
      })
      const peek = page.getByRole('complementary')
      await peek.getByText('no estimate').or(peek.getByText('Points')).first().waitFor()
      expect(await peek.getByRole('textbox').count()).toBe(0)
      expect(await peek.getByRole('combobox').count()).toBe(0)
      expect(await accessibilityProblems(page)).toEqual([])
      const { page: own } = await signedIn(`${sample.board}?task=${code}`, { dark })
      await own.getByRole('textbox', { name: 'Points' }).waitFor()
      expect(await accessibilityProblems(own)).toEqual([])
      await own.setViewportSize({ width: 360, height: 740 })
      expect(await own.evaluate('document.documentElement.scrollWidth')).toBe(360)
    })
  })
})
