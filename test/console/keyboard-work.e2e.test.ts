import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { engineUnderTest } from '../scripts/local-windmill/engine-under-test.ts'
import type { Json } from '../support/api.ts'
import { chromiumPath } from './support/browser.ts'
import { consoleServer } from './support/console-server.ts'
import { parkDelivery } from './support/parked.ts'
import { sampleFlows } from './support/sample-flows.ts'
import { sampleSprint } from './support/sample-sprint.ts'
import { twoConflicts } from './support/two-conflicts.ts'
import { useVisits } from './support/visits.ts'

describe.skipIf(!chromiumPath)('the daily work by keyboard alone', async () => {
  const { engine, folder } = await engineUnderTest()
  await sampleFlows(folder)
  const server = await consoleServer({ url: engine.url, token: 'admin' })
  const { client } = server
  const signedIn = useVisits(server)

  const read = async (path: string) => (await client.get(path)).body
  const poll = <T>(ask: () => Promise<T>) => expect.poll(ask, { timeout: 10_000 })
  const eventually = (path: string) => poll(() => read(path))

  const button = (page: Page, name: string | RegExp) =>
    page.getByRole('button', { name, exact: true })
  const focusIsOn = (target: Locator) => target.and(target.page().locator(':focus')).waitFor()
  /** Not lost: on the page's own part, or within. */
  const focusIsInMain = (page: Page) => page.locator('main:focus, main :focus').waitFor()
  /** Presses a key until the focus is there, and nothing else. */
  const reach = async (target: Locator, key = 'Tab') => {
    await target.waitFor()
    const here = target.and(target.page().locator(':focus'))
    for (let pressed = 0; pressed < 80; pressed++) {
      if ((await here.count()) > 0) return
      await target.page().keyboard.press(key)
    }
    throw new Error(`no way by ${key} to ${target}`)
  }
  const open = async (target: Locator, key = 'Tab') => {
    await reach(target, key)
    await target.page().keyboard.press('Enter')
  }

  test('a board is filtered, laid out, and its view saved, renamed and deleted', async () => {
    const sample = await sampleSprint(client)
    const page = await signedIn(sample.board)
    const keys = page.keyboard
    const count = (text: string) => page.getByText(text, { exact: true }).waitFor()
    await count('7 cards')
    await keys.press('f')
    await focusIsOn(page.getByRole('searchbox'))
    await open(button(page, 'Filter'))
    await focusIsOn(page.getByLabel('Find a filter'))
    await keys.type('US1')
    await keys.press('Enter')
    await count('3 of 7 cards')
    await keys.press('Escape')
    await focusIsOn(button(page, 'Filter'))

    await open(button(page, 'Lanes'))
    await focusIsOn(page.getByRole('menuitemcheckbox', { name: 'No lanes' }))
    await keys.press('u')
    await keys.press('Enter')
    await focusIsOn(button(page, 'Lanes: User story'))
    await open(button(page, 'Columns'))
    const done = page.getByRole('menuitemcheckbox', { name: 'Done' })
    await reach(done, 'ArrowUp')
    await keys.press('Space')
    await page.getByRole('menuitemcheckbox', { name: 'Done', checked: false }).waitFor()
    await keys.press('Escape')
    await focusIsOn(button(page, 'Columns: 1 hidden'))
    await page.getByRole('heading', { name: /^Done/ }).waitFor({ state: 'detached' })

    const views = `/views?project_id=${sample.projectId}`
    await open(button(page, 'Views'))
    await focusIsOn(page.getByRole('menuitem', { name: 'Save as a new view' }))
    await keys.press('Enter')
    const name = page.getByRole('dialog').getByLabel('Name')
    await focusIsOn(name)
    await keys.type('First story')
    await keys.press('Enter')
    await focusIsOn(button(page, 'First story'))
    const query = expect.stringMatching(/story=US1/)
    await eventually(views).toMatchObject({ items: [{ name: 'First story', query }] })

    await keys.press('Enter')
    await page.getByRole('menu').locator(':focus').waitFor()
    await keys.press('r')
    await keys.press('Enter')
    await focusIsOn(name)
    await keys.press('Control+A')
    await keys.type('One story')
    await keys.press('Enter')
    await focusIsOn(button(page, 'One story'))
    await eventually(views).toMatchObject({ items: [{ name: 'One story', query }] })

    await keys.press('Enter')
    await page.getByRole('menu').locator(':focus').waitFor()
    await keys.press('d')
    await keys.press('Enter')
    await page.getByRole('dialog').locator(':focus').waitFor()
    await open(button(page, 'Delete the view'))
    await focusIsOn(button(page, 'Views'))
    await eventually(views).toMatchObject({ items: [] })
  })

  test('beside a board the log is read, a criterion ticked, a dependency tied and cut', async () => {
    const sample = await sampleSprint(client)
    const [step] = sample.steps
    await client.post(`/steps/${step}/actions/start`)
    await client.post(`/steps/${step}/logs`, { lines: [{ seq: 1, line: 'Reading the spec.' }] })
    const { linked_task_id } = await read(`/steps/${step}`)
    const task = `/tasks/${linked_task_id}`
    const page = await signedIn(sample.board)
    const keys = page.keyboard
    const card = page.getByRole('link', { name: 'Plan', exact: true })
    const peek = page.getByRole('complementary', { name: 'Plan' })
    await card.waitFor()
    await reach(page.locator('.card a[tabindex="0"]'))
    await open(card, 'ArrowRight')
    await focusIsOn(peek.getByRole('heading', { name: 'Plan' }))

    await open(peek.locator('summary', { hasText: 'Log' }))
    await peek.getByText('Reading the spec.').waitFor()
    await reach(peek.getByRole('region', { name: 'Log of Plan' }))

    await reach(peek.getByLabel('New criterion'))
    await keys.type('Survives a restart')
    await keys.press('Enter')
    const box = peek.getByRole('checkbox', { name: 'Survives a restart' })
    await box.waitFor()
    await focusIsOn(peek.getByLabel('New criterion'))
    await reach(box, 'Shift+Tab')
    await keys.press('Space')
    await eventually(task).toMatchObject({ acceptance_criteria: ['[x] Survives a restart'] })
    await focusIsOn(box)

    const other = peek.getByRole('combobox', { name: 'Other card' })
    await open(button(page, 'Add a dependency'))
    await focusIsOn(other)
    await keys.type('T003')
    await keys.press('Enter')
    await eventually(`${task}/dependencies`).toMatchObject({ depends_on: [{ kind: 'hard' }] })
    await peek.getByRole('link', { name: 'T003' }).waitFor()
    await focusIsOn(other)
    await keys.press('Escape')
    await focusIsOn(button(page, 'Add a dependency'))
    await open(button(page, 'Remove the dependency on T003'), 'Shift+Tab')
    await eventually(`${task}/dependencies`).toMatchObject({ depends_on: [] })
    await focusIsOn(button(page, 'Add a dependency'))
    await keys.press('Escape')
    await peek.waitFor({ state: 'detached' })
    await focusIsOn(card)
  })

  test('a protocol run is created step by step', async () => {
    const project = (await client.post('/projects', { slug: 'shop', name: 'Shop' })).body
    await client.patch(`/projects/${project.id}`, { settings: { auto_create_sprint: false } })
    const page = await signedIn('/projects/shop/runs')
    const keys = page.keyboard
    await page.getByText('No run yet').waitFor()
    await keys.press('c')
    const dialog = page.getByRole('dialog')
    await focusIsOn(dialog.getByLabel('Name').first())
    await keys.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await open(button(page, 'Create a run'))
    await focusIsOn(dialog.getByLabel('Name').first())
    await keys.type('Ship it')
    await reach(dialog.getByLabel('Name').nth(1))
    await keys.type('Build')
    await keys.press('Enter')
    await focusIsOn(dialog.getByLabel('Name').nth(2))
    await keys.type('Check')
    await reach(dialog.getByLabel('After steps').nth(1))
    await keys.type('1')
    await reach(dialog.getByLabel('QA').nth(1))
    await keys.press('Space')
    await open(button(page, 'Create the run'))
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'Ship it', level: 1 }).waitFor()
    await focusIsInMain(page)
    const { items } = await read(`/protocols?project_id=${project.id}`)
    expect(items).toMatchObject([{ protocol_name: 'Ship it', status: 'planned' }])
    expect((await read(`/protocols/${items[0].id}/steps`)).items).toMatchObject([
      { step_name: 'Build', qa_required: false, depends_on: [] },
      { step_name: 'Check', qa_required: true },
    ])
  })

  test('a flow is run from its form, and read to its last log', async () => {
    const page = await signedIn('/flow-runs')
    const keys = page.keyboard
    await page.getByText('No flow has run yet').waitFor()
    await open(button(page, 'Run a flow'))
    const dialog = page.getByRole('dialog')
    await dialog.locator(':focus').waitFor()
    await reach(dialog.getByLabel('Flow'))
    await keys.type('complete')
    await reach(dialog.getByLabel('Sprint'))
    await keys.type('8')
    await open(button(page, 'Run it'))
    await dialog.waitFor({ state: 'detached' })
    await page.locator('h1 + .status-word', { hasText: 'completed' }).waitFor()
    await focusIsInMain(page)
    const run = `/flow-runs/${page.url().split('/').at(-1)}`
    await eventually(run).toMatchObject({ state: 'completed', args: { sprint_id: 8 } })
    await open(page.locator('summary', { hasText: 'Round 2' }))
    const round = page.locator('details', { hasText: 'Round 2' })
    await open(round.locator('summary', { hasText: 'Log' }))
    await round.getByText('card seen').waitFor()
    await reach(round.getByRole('region', { name: 'Log of look' }))
  })

  test('parked work is replayed, and discarded with a reason', async () => {
    const sample = await sampleSprint(client)
    const [step] = sample.steps
    await client.post(`/steps/${step}/actions/start`)
    const { linked_task_id } = await read(`/steps/${step}`)
    // The delivery to be parked is done first.
    await eventually(`/tasks/${linked_task_id}`).toMatchObject({ board_status: 'in_progress' })
    await parkDelivery(client)
    const page = await signedIn('/parked')
    const keys = page.keyboard
    const row = page.getByRole('row').filter({ hasText: 'the card is poisoned' })
    const parked = async () =>
      (await read('/deliveries')).items.filter((it: Json) => it.state === 'parked')
    await open(row.getByRole('button', { name: 'Replay' }))
    await row.waitFor({ state: 'detached' })
    await focusIsInMain(page)
    await poll(parked).toEqual([])

    await parkDelivery(client)
    await page.reload()
    await open(row.getByRole('button', { name: 'Discard…' }))
    await focusIsOn(page.getByRole('dialog').getByLabel('Reason'))
    await keys.type('the card is gone')
    await open(button(page, 'Discard'))
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await row.waitFor({ state: 'detached' })
    await focusIsInMain(page)
    await poll(parked).toEqual([])
    await eventually('/events?type=delivery.discarded').toMatchObject({
      items: [{ actor: 'admin', payload: { reason: 'the card is gone' } }],
    })
  })

  test('a token is made, its secret shown once, and revoked', async () => {
    const page = await signedIn('/tokens')
    const keys = page.keyboard
    const dialog = page.getByRole('dialog')
    await open(button(page, 'Create a token'))
    await focusIsOn(dialog.getByLabel('Name'))
    await keys.type('Build robot')
    await reach(dialog.getByRole('combobox', { name: 'Role' }))
    await keys.type('agent')
    await open(button(page, 'Create'))
    const shown = page.getByLabel('Secret of Build robot')
    await focusIsOn(shown)
    const secret = await shown.inputValue()
    const answer = async () => (await client.get('/projects', { token: secret })).status
    await poll(answer).toBe(200)
    await open(button(page, 'I have kept it'))
    await dialog.waitFor({ state: 'detached' })
    await focusIsOn(button(page, 'Create a token'))
    expect(await page.content()).not.toContain(secret)

    await page.getByRole('row', { name: /Build robot.*agent.*valid/ }).waitFor()
    await open(button(page, 'Revoke Build robot'))
    await dialog.locator(':focus').waitFor()
    await open(button(page, 'Revoke'))
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('row', { name: /Build robot/ }).waitFor({ state: 'detached' })
    await focusIsInMain(page)
    // Who it let in is known for up to a second more.
    await poll(answer).toBe(401)
  })

  test('conflicts are resolved, each for the side one takes', async () => {
    const sample = await sampleSprint(client)
    await twoConflicts(client, sample)
    const page = await signedIn(`/projects/${sample.slug}/conflicts`)
    const conflicts = `/conflicts?project_id=${sample.projectId}`
    const file = page.getByRole('listitem').filter({ hasText: 'board against file' })
    await open(file.getByRole('button', { name: /^Keep the board/ }))
    await page.getByText('1 conflict', { exact: true }).waitFor()
    await focusIsOn(page.getByRole('list', { name: 'Conflicts' }))
    await open(button(page, /^Take the step/))
    await page.getByText('Nothing waits for a decision').waitFor()
    await page.locator('main:focus').waitFor()
    await eventually(conflicts).toMatchObject({ items: [] })
  })
})
