import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { eventually } from '../support/api.ts'
import { chromiumPath, useBrowser } from './support/browser.ts'
import { consoleServer } from './support/console-server.ts'
import { sampleSprint } from './support/sample-sprint.ts'
import { useVisits } from './support/visits.ts'

describe.skipIf(!chromiumPath)('the console in a browser', async () => {
  const server = await consoleServer()
  const { client } = server
  const visitor = useBrowser()

  const signedIn = useVisits(server, visitor)

  const column = (page: Page, name: string) =>
    page.getByRole('region', { name: new RegExp(`^${name}`) })
  const cardIn = (page: Page, name: string, title: string) =>
    column(page, name).getByRole('listitem').filter({ hasText: title })
  const act = (stepId: number | undefined, action: string, body: object = {}) =>
    client.post(`/steps/${stepId}/actions/${action}`, body)

  test('a one-time link lets in once and leaves no trace in the address', async () => {
    const link = `${server.console}/#login=${await server.loginCode()}`
    const page = await visitor()
    await page.goto(link)
    await page.getByRole('heading', { name: 'Projects', level: 1 }).waitFor()
    expect(page.url()).toBe(`${server.console}/`)

    const other = await visitor()
    await other.goto(link)
    await other.getByRole('alert').filter({ hasText: 'used before or has expired' }).waitFor()
    expect(other.url()).toBe(`${server.console}/`)
  })

  test('a wrong token is explained, a right one lets in, and signing out shuts the door', async () => {
    const page = await visitor()
    await page.goto(`${server.console}/sprints`)
    await page.getByLabel('Access token').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').filter({ hasText: 'not known' }).waitFor()

    await page.getByLabel('Access token').fill(client.adminToken)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Sprints', level: 1 }).waitFor()
    expect(await page.evaluate('document.cookie')).toBe('')

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Access token').waitFor()
    await page.reload()
    await page.getByLabel('Access token').waitFor()
  })

  test('the board follows steps without reloading, and keeps focus and scroll', async () => {
    const sample = await sampleSprint(client)
    for (let left = 10; left > 0; left--) await sample.addCard(`Filler ${left}`)
    const page = await signedIn(sample.board)
    await page.getByText('Live', { exact: true }).waitFor()
    await cardIn(page, 'To do', 'Plan').waitFor()
    await page.evaluate('window.unreloaded = true')
    await page.setViewportSize({ width: 900, height: 500 })
    const board = "document.querySelector('.board')"
    const seen =
      "[...document.querySelectorAll('.card')].find(it => it.textContent.includes('Filler 8'))"
    const place = `(({ x, y }) => [${board}.scrollLeft, x, y])(${seen}.getBoundingClientRect())`
    await page.evaluate(`${board}.scrollTo(60, 0)`)
    await page.evaluate("document.querySelector('.column-todo [data-scroller]').scrollTo(0, 700)")
    await cardIn(page, 'To do', 'Filler 8').scrollIntoViewIfNeeded()
    await page.evaluate(
      "[...document.querySelectorAll('.card a')].find(it => it.textContent === 'Plan').focus({ preventScroll: true })",
    )
    const placeNow = () => page.evaluate(place) as Promise<number[]>
    // The cards that come into sight are measured first.
    let placed = await placeNow()
    await expect
      .poll(async () => {
        const before = placed
        placed = await placeNow()
        return placed.join() === before.join()
      })
      .toBe(true)

    await act(sample.steps[0], 'start')
    await cardIn(page, 'In progress', 'Plan').getByText('running').waitFor()
    await act(sample.steps[0], 'complete')
    await cardIn(page, 'Done', 'Plan').getByText('completed').waitFor()
    await act(sample.steps[1], 'start')
    await act(sample.steps[1], 'fail', { reason: 'The disk is full.' })
    await cardIn(page, 'Blocked', 'Build').getByText('The disk is full.').waitFor()
    await act(sample.steps[2], 'skip')
    await cardIn(page, 'Done', 'Write notes').getByText('skipped').first().waitFor()

    const velocity = await client.get(`/sprints/${sample.sprintId}/velocity`)
    const { completed_points, total_points } = velocity.body
    await page.getByText(`${completed_points} of ${total_points} points`).waitFor()
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Plan')
    const now = await placeNow()
    const drift = now.map((it, index) => Math.abs(it - (placed[index] ?? Number.NaN)))
    expect(Math.max(...drift)).toBeLessThan(2)
    expect(await page.evaluate('window.unreloaded')).toBe(true)
  })

  test('a card moves by keyboard alone, is announced, and keeps the focus', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample.board)
    await cardIn(page, 'To do', 'T003').getByRole('link').focus()
    await page.keyboard.press('m')
    await page.getByRole('menu', { name: 'Move T003 to' }).waitFor()
    await page.keyboard.press('r')
    await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('Review')
    await page.keyboard.press('Enter')
    await cardIn(page, 'Review', 'T003').waitFor()
    await page
      .locator('[data-announcer]', { hasText: 'T003 is in Review.' })
      .waitFor({ state: 'attached' })
    await expect
      .poll(() => page.evaluate('document.activeElement?.ariaLabel'))
      .toContain('Move T003')

    await page.keyboard.press('Enter')
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('b')
    await page.keyboard.press('Enter')
    await page.getByLabel('What blocks T003?').fill('A decision is missing.')
    await page.keyboard.press('Enter')
    await cardIn(page, 'Blocked', 'T003').getByText('A decision is missing.').waitFor()

    const tasks = await eventually(
      () => client.get(`/sprints/${sample.sprintId}/tasks`),
      ({ body }) =>
        body.items.some((it: { board_status: string }) => it.board_status === 'blocked'),
    )
    expect(
      tasks.body.items.find((it: { external_id: string }) => it.external_id === 'T003'),
    ).toMatchObject({
      board_status: 'blocked',
      blocked_reason: 'A decision is missing.',
    })
  })

  test('a card that goes elsewhere hands its focus on, also from an open menu', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample.board)
    const { items } = (await client.get(`/sprints/${sample.sprintId}/tasks`)).body
    const idOf = (code: string) =>
      items.find((it: { external_id: string | null }) => it.external_id === code).id
    const focused = () => page.evaluate('document.activeElement?.closest(".card")?.textContent')
    await cardIn(page, 'To do', 'T002').getByRole('link').focus()
    await client.delete(`/tasks/${idOf('T002')}`)
    await expect.poll(focused).toContain('T003')
    await page.keyboard.press('m')
    await page.getByRole('menu', { name: 'Move T003 to' }).waitFor()
    await client.patch(`/tasks/${idOf('T003')}`, { board_status: 'review' })
    await cardIn(page, 'Review', 'T003').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(focused).toContain('T003')
  })

  test('a refused move shows at once, goes back, and names the rule', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample.board)
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/tasks/*', async (route) => {
      if (route.request().method() === 'PATCH') await released
      await route.continue()
    })
    await cardIn(page, 'Done', 'T001').getByRole('button', { name: 'Move T001' }).click()
    await page.getByRole('menuitem', { name: 'To do' }).click()
    await cardIn(page, 'To do', 'T001').waitFor()

    await client.post(`/sprints/${sample.sprintId}/actions/complete`, {})
    release()
    const refusal = page.getByRole('alert').filter({ hasText: 'T001 could not move to To do' })
    await refusal.waitFor()
    await cardIn(page, 'Done', 'T001').waitFor()
    expect(await refusal.locator('code').textContent()).toMatch(/\w+/)
    await page.getByText('This sprint is completed').waitFor()
    await expect.poll(() => page.getByRole('button', { name: /^Move/ }).count()).toBe(0)
  })

  test('a board goes on without the code that it does not need yet, and gets it later', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn('/tokens')
    const code = '**/assets/sprint-actions-*.js'
    await page.route(code, (route) => route.abort())
    const missed = page.waitForEvent('requestfailed')
    await page.goto(server.console + sample.board)
    await missed
    await cardIn(page, 'To do', 'T002').waitFor()
    await page.unroute(code)
    await page.getByRole('button', { name: /^Complete…/ }).waitFor()
    await cardIn(page, 'To do', 'T002').waitFor()
  })

  test('what happened while the server was away is there when it is back', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample.board)
    await page.getByText('Live', { exact: true }).waitFor()
    await server.stop()
    await page.getByText('Reconnecting…').waitFor()
    await client.database.sql`
      update tasks set board_status = 'testing'
      where sprint_id = ${sample.sprintId} and external_id = 'T002'`
    await server.start()
    await page.getByText('Live', { exact: true }).waitFor()
    await cardIn(page, 'Testing', 'T002').waitFor()
  })

  test('a card opens beside the board, by link too, and gives the focus back', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample.board)
    await cardIn(page, 'To do', 'Build').getByRole('link').click()
    const peek = page.getByRole('complementary', { name: 'Build' })
    await peek.getByText('Depends on').waitFor()
    await peek.getByRole('link', { name: 'Plan' }).waitFor()
    const address = page.url()
    await page.keyboard.press('Escape')
    await peek.waitFor({ state: 'detached' })
    await page.locator(':focus', { hasText: 'Build' }).waitFor()
    await page.goto(address)
    await peek.waitFor()
  })

  test('a viewer sees the board and nothing that would be refused', async () => {
    const sample = await sampleSprint(client)
    const token = await client.post('/tokens', { name: 'guest', role: 'viewer' })
    const page = await signedIn(sample.board, { token: token.body.secret })
    await cardIn(page, 'To do', 'Plan').waitFor()
    expect(await page.getByRole('button', { name: /^Move/ }).count()).toBe(0)
    await cardIn(page, 'To do', 'Plan').getByRole('link').focus()
    await page.keyboard.press('m')
    expect(await page.getByRole('menu').count()).toBe(0)
  })

  test('a card tells what its step has produced, and opens it in place', async () => {
    const sample = await sampleSprint(client)
    const [step] = sample.steps
    const summary = { name: 'summary.md', content: 'The plan is drawn up.' }
    await client.post(`/steps/${step}/artifacts`, summary)
    const uri = 'https://example.com/shop/commit/4f2a'
    await client.post(`/steps/${step}/artifacts`, { name: 'commit', uri })
    const page = await signedIn(sample.board)
    await page.getByRole('link', { name: 'Plan', exact: true }).click()
    const text = page.getByText('The plan is drawn up.')
    await page.getByRole('heading', { name: 'Produced' }).waitFor()
    expect(await text.isVisible()).toBe(false)
    await page.getByText('summary.md').focus()
    await page.keyboard.press('Enter')
    await text.waitFor()
    expect(await page.getByRole('link', { name: 'commit' }).getAttribute('href')).toBe(uri)
  })
})
