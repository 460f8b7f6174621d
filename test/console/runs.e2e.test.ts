import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { engineUnderTest } from '../scripts/local-windmill/engine-under-test.ts'
import type { Json } from '../support/api.ts'
import { chromiumPath } from './support/browser.ts'
import { tabTo } from './support/by-tab.ts'
import { consoleServer } from './support/console-server.ts'
import { parkDelivery } from './support/parked.ts'
import { sampleFlows } from './support/sample-flows.ts'
import { useVisits } from './support/visits.ts'

describe.skipIf(!chromiumPath)('runs in the console', async () => {
  const { engine, folder } = await engineUnderTest()
  await sampleFlows(folder)
  const server = await consoleServer({ url: engine.url, token: 'admin' })
  const { client } = server
  const signedIn = useVisits(server)
  const project = (await client.post('/projects', { slug: 'shop', name: 'Shop' })).body
  await client.patch(`/projects/${project.id}`, { settings: { auto_create_sprint: false } })

  const run = async (name: string, steps: object[]): Promise<Json> =>
    (await client.post('/protocols', { project_id: project.id, protocol_name: name, steps })).body
  const act = (step: Json, action: string, body: object = {}) =>
    client.post(`/steps/${step.id}/actions/${action}`, body)
  const viewer = (await client.post('/tokens', { name: 'looks on', role: 'viewer' })).body.secret

  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })

  test('a run is created with what is wrong beside its field, and walked to its end by mouse', async () => {
    const page = await signedIn('/projects/shop/runs')
    await page.getByText('No run yet').waitFor()
    await button(page, 'Create a run').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('After steps').fill('9')
    await button(page, 'Create the run').click()
    await dialog.getByText('there is no other step 9').waitFor()
    await dialog.getByLabel('After steps').fill('')
    await button(page, 'Create the run').click()
    await dialog.getByText('must not be blank').first().waitFor()
    await expect.poll(() => dialog.getByText('must not be blank').count()).toBe(2)
    await dialog.getByLabel('Name').first().fill('Ship it')
    await dialog.getByLabel('Name').nth(1).fill('Build')
    await button(page, 'Add a step').click()
    await dialog.getByLabel('Name').nth(2).and(page.locator(':focus')).waitFor()
    await page.keyboard.type('Check')
    await dialog.getByLabel('After steps').nth(1).fill('1')
    await dialog.getByLabel('QA').nth(1).check()
    await button(page, 'Create the run').click()

    await page.getByRole('heading', { name: 'Ship it', level: 1 }).waitFor()
    await button(page, 'Start by hand').click()
    await page.getByText('Start by hand: run “Ship it”').waitFor({ state: 'attached' })
    await page.getByRole('table').getByRole('link', { name: 'Build' }).click()
    const panel = page.getByRole('complementary', { name: 'Build' })
    await panel.getByRole('button', { name: 'Start by hand' }).click()
    await panel.getByRole('button', { name: 'Block…' }).click()
    await button(page, /^Block$/).click()
    await page.getByRole('dialog').getByText('say why').waitFor()
    await page.getByRole('dialog').getByLabel('Reason').fill('no key yet')
    await button(page, /^Block$/).click()
    await panel.getByText('no key yet').first().waitFor()
    await panel.getByRole('button', { name: 'Retry' }).click()
    await panel.getByText('attempt 2').waitFor()
    await panel.getByRole('button', { name: 'Start by hand' }).click()
    await panel.getByRole('button', { name: 'Complete' }).click()

    await page.getByRole('table').getByRole('link', { name: 'Check' }).click()
    const check = page.getByRole('complementary', { name: 'Check' })
    await check.getByRole('button', { name: 'Start by hand' }).click()
    await check.getByRole('button', { name: 'Submit to QA' }).click()
    // The second click of a double one does not approve what nobody has looked at.
    await check.getByRole('button', { name: 'Approve QA' }).dispatchEvent('click', { detail: 2 })
    await check.getByRole('button', { name: 'Approve QA' }).click()
    await page.locator('h1 + .status-word', { hasText: 'completed' }).waitFor()
    await page.keyboard.press('Escape')
  })

  test('a failed step is retried, executed and cancelled by keyboard alone', async () => {
    const made = await run('Nightly', [{ step_name: 'Fetch' }])
    await client.post(`/protocols/${made.id}/actions/start`)
    await act(made.steps[0], 'start')
    await act(made.steps[0], 'fail', { reason: 'the host is away' })
    const page = await signedIn('/projects/shop/runs')
    await tabTo(page, 'Nightly')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Nightly', level: 1 }).waitFor()
    await page.locator('.records').getByText('the host is away').waitFor()
    await tabTo(page, 'Fetch')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Fetch', level: 2 }).waitFor()
    await tabTo(page, 'Retry')
    await page.keyboard.press('Enter')
    await page.getByRole('complementary').getByText('attempt 2').waitFor()
    await page.keyboard.press('Escape')
    await page.locator(`#step-${made.steps[0].id}:focus`).waitFor()

    await page.keyboard.press('Home')
    await page.evaluate(`document.querySelector('main').focus()`)
    await tabTo(page, 'Execute')
    await page.keyboard.press('Enter')
    await page.getByText('A flow is executing this run.').waitFor()
    await tabTo(page, 'Cancel the run')
    await page.keyboard.press('Enter')
    await page.getByText('Every step that has not ended is cancelled').waitFor()
    await tabTo(page, 'Cancel the run')
    await page.keyboard.press('Enter')
    await page.locator('h1 + .status-word', { hasText: 'cancelled' }).waitFor()
  })

  test('the log of a running step is followed, thousands of lines at a time, and copied', async () => {
    const made = await run('Long', [{ step_name: 'Talk' }])
    await client.post(`/protocols/${made.id}/actions/start`)
    const [step] = made.steps
    await act(step, 'start')
    const say = (from: number, lines: number) =>
      client.post(`/steps/${step.id}/logs`, {
        lines: Array.from({ length: lines }, (_, at) => ({
          seq: from + at,
          line: `line ${from + at}`,
        })),
      })
    for (let from = 0; from < 3000; from += 1000) await say(from, 1000)
    const page = await signedIn(`/projects/shop/runs/${made.id}?step=${step.id}`)
    await page.getByText('3,000 lines').waitFor()
    await page.getByText('line 2999').waitFor()
    expect(await page.locator('.log-line').count()).toBeLessThan(100)
    await say(3000, 1)
    await page.getByText('line 3000').waitFor()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await button(page, 'Copy the log').click()
    await page.locator('[data-announcer]', { hasText: 'Copied.' }).waitFor({ state: 'attached' })
    const copied: string = await page.evaluate('navigator.clipboard.readText()')
    expect(copied.split('\n')).toHaveLength(3001)
  })

  test('runs are filtered by the address, and two windows see the same', async () => {
    const made = await run('Watched', [{ step_name: 'One' }])
    const [one, two] = await Promise.all([
      signedIn('/projects/shop/runs'),
      signedIn(`/projects/shop/runs/${made.id}`),
    ])
    await button(two, 'Start by hand').click()
    await one
      .getByRole('row', { name: /Watched/ })
      .getByText('running')
      .waitFor()
    await one.getByLabel('State').selectOption('running')
    await expect.poll(() => one.url()).toContain('?state=running')
    await one.getByRole('link', { name: 'Ship it' }).waitFor({ state: 'detached' })
    await one.getByLabel('State').selectOption('completed')
    await one.getByRole('link', { name: 'Ship it' }).waitFor()
  })

  test('a viewer sees runs and nothing to press', async () => {
    const page = await signedIn('/projects/shop/runs', { token: viewer })
    await page.getByRole('link', { name: 'Watched' }).click()
    await page.getByRole('table').getByRole('link', { name: 'One' }).click()
    await page.getByRole('heading', { name: 'One', level: 2 }).waitFor()
    for (const name of [
      'Create a run',
      'Execute',
      'Pause',
      'Cancel the run',
      'Start by hand',
      'Skip…',
    ]) {
      expect(await button(page, name).count(), name).toBe(0)
    }
  })

  test('a flow is run from its form, which explains a bad argument, and shown to its last log', async () => {
    const page = await signedIn('/flow-runs')
    await button(page, 'Run a flow').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Flow').selectOption({ label: 'complete sprint' })
    await dialog.getByLabel('Sprint').fill('four')
    await button(page, 'Run it').click()
    await dialog.getByText('must be integer').waitFor()
    await dialog.getByLabel('Sprint').fill('8')
    await button(page, 'Run it').click()
    await page.getByRole('heading', { name: 'complete sprint', level: 1 }).waitFor()
    await page.locator('h1 + .status-word', { hasText: 'completed' }).waitFor()
    await page.getByText('Round 2').click()
    await page.locator('details:has-text("Round 2")').getByText('Log').click()
    await page.getByText('card seen').waitFor()
    await page.getByText('points:').waitFor()
    const first = page.url()
    await button(page, 'Run again').click()
    await page.waitForURL((url) => url.href !== first)
    await page.locator('h1 + .status-word', { hasText: 'completed' }).waitFor()

    const args = { sprint_id: 9 }
    await client.post('/flow-runs', { path: 'f/devgodzilla/complete_sprint', args })
    await page.route('**/flow-runs?*', (route) =>
      route.continue({ url: route.request().url().replace('limit=100', 'limit=2') }),
    )
    await page.goto(`${server.console}/flow-runs?path=f/devgodzilla/complete_sprint`)
    await page.getByText('2 runs, the newest').waitFor()
    await button(page, 'Load older runs').click()
    await page.getByText(/^3 runs/).waitFor()
  })

  test('an approval is answered and a run cancelled by keyboard alone', async () => {
    const start = async (name: string, args: object = {}) =>
      (await client.post('/flow-runs', { path: `f/devgodzilla/${name}`, args })).body.job_id
    const asks = await start('reconcile_specs')
    const page = await signedIn(`/flow-runs/${asks}`)
    await page.getByText('Shall it go on?').waitFor()
    await page.getByLabel('Note').focus()
    await page.keyboard.type('fine by me')
    await page.keyboard.press('Enter')
    await page.locator('h1 + .status-word', { hasText: 'completed' }).waitFor()
    await page.getByText('fine by me').waitFor()
    const waits = await start('execute_protocol')
    await page.goto(`${server.console}/flow-runs/${waits}`)
    await tabTo(page, 'Cancel the flow')
    await page.keyboard.press('Enter')
    // One can type the reason at once.
    await page.keyboard.type('not today')
    await tabTo(page, 'Cancel the flow')
    await page.keyboard.press('Enter')
    await page.locator('h1 + .status-word', { hasText: 'cancelled' }).waitFor()
    await page.getByText('Cancelled by').filter({ hasText: 'not today' }).waitFor()
  })

  test('parked work is replayed, and discarded with a reason', async () => {
    const park = () => parkDelivery(client)
    await park()
    const page = await signedIn('/parked')
    await page.getByText('the card is poisoned').waitFor()
    const other = await signedIn('/parked', { token: viewer })
    await other.getByText('the card is poisoned').waitFor()
    expect(await button(other, /Replay|Discard/).count()).toBe(0)
    await button(page, 'Replay').first().click()
    await page.getByText('Nothing is parked').waitFor()
    await park()
    await page.reload()
    await button(page, 'Discard…').click()
    await button(page, /^Discard$/).click()
    await page.getByText('say why').waitFor()
    await page.getByLabel('Reason').fill('the card is gone')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing is parked').waitFor()
    await expect
      .poll(async () => (await client.get('/events?type=delivery.discarded')).body.items)
      .toMatchObject([{ actor: 'admin', payload: { reason: 'the card is gone' } }])
  })
})
