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
})
