import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { eventually } from '../support/api.ts'
import { accessibilityProblems, chromiumPath } from './support/browser.ts'
import { consoleServer } from './support/console-server.ts'
import { sampleSprint } from './support/sample-sprint.ts'
import { useVisits } from './support/visits.ts'

describe.skipIf(!chromiumPath)('edits in a browser', async () => {
  const server = await consoleServer()
  const { client } = server
  const visit = useVisits(server)

  async function signedIn(path: string) {
    const page = await visit(path)
    page.on('dialog', (dialog) => void dialog.accept())
    return page
  }
  const cardIn = (page: Page, column: string, title: string) =>
    page
      .getByRole('region', { name: new RegExp(`^${column}`) })
      .getByRole('listitem')
      .filter({ hasText: title })
  const move = async (page: Page, title: string, key: string) => {
    await page.getByRole('listitem').filter({ hasText: title }).getByRole('link').focus()
    await page.keyboard.press('m')
    await page.getByRole('menu').waitFor()
    await page.keyboard.press(key)
    await page.keyboard.press('Enter')
  }
  const statusOf = async (sprintId: number, id: string) => {
    const { body } = await client.get(`/sprints/${sprintId}/tasks`)
    return body.items.find((it: { external_id: string }) => it.external_id === id)?.board_status
  }

  test('losing the server loses no edit, and what came back is undone and redone, by keyboard alone', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample.board)
    await cardIn(page, 'To do', 'T002').waitFor()
    await page.getByText('Live', { exact: true }).first().waitFor()
    await server.stop()
    await move(page, 'T002', 'r')
    await cardIn(page, 'Review', 'T002').waitFor()
    await move(page, 'T003', 't')
    await page.getByText('2 edits not saved yet').waitFor()
    await cardIn(page, 'Review', 'T002').getByText('not saved yet').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await server.start()
    await page.getByText('2 edits not saved yet').waitFor({ state: 'detached' })
    await eventually(
      () => statusOf(sample.sprintId, 'T002'),
      (status) => status === 'review',
    )
    await cardIn(page, 'Testing', 'T003').waitFor()

    await page.keyboard.press('Control+z')
    await cardIn(page, 'To do', 'T003').waitFor()
    const back = await eventually(
      () => statusOf(sample.sprintId, 'T003'),
      (status) => status === 'todo',
    )
    expect(back).toBe('todo')
    await page.keyboard.press('Control+Shift+z')
    await cardIn(page, 'Testing', 'T003').waitFor()
  })

  test('an edit that somebody overtook is shown with both values, and either can stay', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample.board)
    await cardIn(page, 'To do', 'T002').waitFor()
    const { body } = await client.get(`/sprints/${sample.sprintId}/tasks`)
    const task = body.items.find((it: { external_id: string }) => it.external_id === 'T002')
    let overtaken = false
    await page.route('**/tasks/*', async (route) => {
      if (route.request().method() === 'PATCH' && !overtaken) {
        overtaken = true
        await client.patch(`/tasks/${task.id}`, { board_status: 'testing' })
      }
      await route.continue()
    })
    await move(page, 'T002', 'r')
    await page.getByText('theirs “Testing”').waitFor()
    await cardIn(page, 'Testing', 'T002').waitFor()
    await page.getByRole('button', { name: 'Keep mine' }).click()
    await cardIn(page, 'Review', 'T002').waitFor()
    const kept = await eventually(
      () => statusOf(sample.sprintId, 'T002'),
      (status) => status === 'review',
    )
    expect(kept).toBe('review')
  })

  test('signing out asks before edits are lost, and nobody else ever sends them', async () => {
    const sample = await sampleSprint(client)
    const secretOf = async (name: string) =>
      (await client.post('/tokens', { name, role: 'member' })).body.secret as string
    const [ann, bob] = [await secretOf('Ann'), await secretOf('Bob')]
    const page = await visit(sample.board, { token: ann })
    page.on('dialog', (dialog) => void dialog.accept())
    const signIn = async (secret: string) => {
      await page.getByLabel('Access token').fill(secret)
      await page.keyboard.press('Enter')
    }
    const busy = '**/tasks/*'
    const isBusy = () => page.route(busy, (route) => route.fulfill({ status: 503 }))
    await cardIn(page, 'To do', 'T002').waitFor()

    await isBusy()
    await move(page, 'T002', 'r')
    await page.getByText('1 edit not saved yet').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/T002 moved to Review/).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Send now' }).click()
    await dialog.getByText('1 edit has not reached the server').waitFor()
    await page.unroute(busy)
    await page.getByRole('dialog', { name: 'Everything is saved' }).waitFor()
    expect(await statusOf(sample.sprintId, 'T002')).toBe('review')
    await page.keyboard.press('Escape')

    await isBusy()
    await move(page, 'T003', 't')
    await page.getByText('1 edit not saved yet').waitFor()
    const tab = await page.context().newPage()
    await tab.goto(server.console)
    await tab.getByRole('button', { name: 'Sign out' }).click()
    await tab.getByRole('heading', { name: 'Sign in to DevGodzilla' }).waitFor()
    await page.getByText('Your session has ended').waitFor()
    await signIn(bob)
    await page.locator('.sidebar-who', { hasText: 'Bob' }).waitFor()
    await page.unroute(busy)
    await cardIn(page, 'To do', 'T003').waitFor()
    await move(page, 'T004', 'r')
    await eventually(
      () => statusOf(sample.sprintId, 'T004'),
      (status) => status === 'review',
    )
    expect(await statusOf(sample.sprintId, 'T003')).toBe('todo')

    await page.getByRole('button', { name: 'Sign out' }).click()
    await signIn(ann)
    await eventually(
      () => statusOf(sample.sprintId, 'T003'),
      (status) => status === 'testing',
    )
    const moves = `/events?sprint_id=${sample.sprintId}&type=task.status_changed`
    await expect
      .poll(async () => (await client.get(moves)).body.items)
      .toMatchObject([{ actor: 'Ann' }, { actor: 'Bob' }, { actor: 'Ann' }])
  })
})
