import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { grants, role, scope } from '../../api/core/entities/access.ts'
import { roleScopes } from '../../console/src/tokens/role-scopes.ts'
import { accessibilityProblems, chromiumPath } from './support/browser.ts'
import { consoleServer } from './support/console-server.ts'
import { type SampleSprint, sampleSprint } from './support/sample-sprint.ts'
import { twoConflicts } from './support/two-conflicts.ts'
import { useVisits } from './support/visits.ts'

test('what the console says of roles is what the API grants them', () => {
  for (const it of role.options) {
    expect(roleScopes[it]).toEqual(scope.options.filter((needed) => grants(it, needed)))
  }
})

describe.skipIf(!chromiumPath)('events, conflicts, tokens and settings in a browser', async () => {
  const server = await consoleServer()
  const { client } = server
  const signedIn = useVisits(server)

  const secretOf = async (wanted: string) =>
    (await client.post('/tokens', { name: wanted, role: wanted })).body.secret as string
  const button = (page: Page, name: string | RegExp) =>
    page.getByRole('button', { name, exact: true })
  const pressed = async (page: Page, name: string | RegExp) => {
    await button(page, name).focus()
    await page.keyboard.press('Enter')
  }

  describe('events', () => {
    const log = (sample: SampleSprint) => `/projects/${sample.slug}/events`
    const line = (page: Page, text: string | RegExp) =>
      page.locator('.event-line').filter({ hasText: text })

    test('follow live in two windows, and wait, counted, for who pauses or reads', async () => {
      const sample = await sampleSprint(client)
      const [one, two] = [await signedIn(log(sample)), await signedIn('/events')]
      await line(one, 'Started, committed').waitFor()
      await line(two, 'Started, committed').first().waitFor()
      // More lines than a window holds.
      for (let card = 1; card < 12; card++) await sample.addCard(`Card ${card}`)
      await sample.addCard('Told at once')
      // What each card changes of the velocity is told after it.
      const { body: velocity } = await client.get(`/sprints/${sample.sprintId}/velocity`)
      for (const page of [one, two]) {
        await line(page, 'Told at once').waitFor()
        await line(page, `of ${velocity.total_points} points done`).waitFor()
      }

      await button(one, 'Pause').click()
      await two.evaluate('window.scrollTo(0, 400)')
      const place = await two.evaluate('scrollY')
      expect(place).toBe(400)
      // In no sprint, it changes no velocity: that is one event.
      await client.post('/tasks', { project_id: sample.projectId, title: 'Told later' })
      await button(one, 'Show 1 new event').waitFor()
      await button(two, 'Show 1 new event').waitFor()
      expect(await two.evaluate('scrollY')).toBe(place)
      expect(await line(one, 'Told later').count()).toBe(0)
      await two.keyboard.press('n')
      await line(two, 'Told later').waitFor()
      await expect.poll(() => two.evaluate('scrollY')).toBe(0)
      await one.keyboard.press('p')
      await line(one, 'Told later').waitFor()
      await button(one, 'Pause').waitFor()
    })

    test('filters stand in the address, by mouse and by keyboard', async () => {
      const sample = await sampleSprint(client)
      const page = await signedIn(log(sample))
      await line(page, 'Started, committed').waitFor()
      await page.getByLabel('Type').fill('sprint.*')
      await page.keyboard.press('Enter')
      await line(page, 'task.created').first().waitFor({ state: 'detached' })
      await expect.poll(() => new URL(page.url()).search).toBe('?type=sprint.*')
      await page.getByLabel('At least').focus()
      await page.keyboard.press('w')
      await page.getByText('No event fits the filters').waitFor()
      expect(await page.evaluate('document.activeElement.name')).toBe('level')
      await page.goBack()
      await line(page, 'Started, committed').waitFor()
      await expect.poll(() => page.getByLabel('At least').inputValue()).toBe('')
      await page.getByLabel('Type').fill('task.exploded')
      await page.keyboard.press('Enter')
      await page
        .getByText(/there is no type of event "task.exploded"/)
        .first()
        .waitFor()
      await pressed(page, 'Clear the filter')
      await line(page, 'Started, committed').waitFor()
      await page.locator('[name="type"]:focus').waitFor()
      await page.getByLabel('From').fill('12345-01-01T00:00')
      await page.keyboard.press('Enter')
      await page.getByText('must be a date').first().waitFor()
    })

    test('a line opens to all it holds, is a link, and leads to what belongs to it', async () => {
      const sample = await sampleSprint(client)
      const page = await signedIn(log(sample))
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await line(page, 'Create the module').first().focus()
      await page.keyboard.press('ArrowUp')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: /STREAKS-\d+-1 Create the module/ }).waitFor()
      await button(page, 'Copy as JSON').click()
      await page.locator('[data-announcer]', { hasText: 'Copied.' }).waitFor({ state: 'attached' })
      const copied = JSON.parse(await page.evaluate('navigator.clipboard.readText()'))
      expect(copied).toMatchObject({ type: 'task.created', payload: { code: expect.any(String) } })
      const address = page.url()
      expect(address).toContain(`?event=${copied.id}`)
      await page.getByRole('link', { name: 'Everything of this action' }).click()
      await page.waitForURL(/correlation_id=/)
      await line(page, 'Imported: 4 new cards').waitFor()
      await line(page, 'Started, committed').waitFor({ state: 'detached' })

      await page.goto(`${address}&type=sprint.*`)
      await page
        .getByRole('region', { name: 'The event of the link' })
        .getByText('Create the module')
        .first()
        .waitFor()
      await page.goto(`${server.console}${log(sample)}?event=999999999`)
      await page.getByText('There is no event 999999999').waitFor()
    })

    test('ten thousand lines are loaded, few of them drawn', async () => {
      const sample = await sampleSprint(client)
      await client.database.sql`
        insert into events (type, entity_type, entity_id, project_id, correlation_id, actor, payload)
        select 'task.updated', 'task', n, ${sample.projectId}, 'many', 'robot', '{"changes":{}}'
        from generate_series(1, 10000) n`
      // What handlers still have to tell would be loaded besides.
      const { sql } = client.database
      await expect
        .poll(() => sql`select 1 from event_deliveries where parked_at is null`)
        .toHaveLength(0)
      const page = await signedIn(log(sample))
      for (let pages = 0; pages < 10; pages++) {
        await page.getByText(`${(200 + pages * 1000).toLocaleString('en')} events loaded`).waitFor()
        await button(page, 'Load older events').click()
      }
      await page.getByText(/10,0\d\d events/).waitFor()
      expect(await page.locator('.event-line').count()).toBeLessThan(100)
      await page.locator('.event-line').last().focus()
      await page.keyboard.press('End')
      await line(page, 'project.created').waitFor()
      await page.locator('.event-line:focus', { hasText: 'project.created' }).waitFor()
    })
  })

  describe('conflicts', () => {
    test('both sides, resolved by mouse and by keyboard, gone in the other window', async () => {
      const sample = await sampleSprint(client)
      await twoConflicts(client, sample)
      const path = `/projects/${sample.slug}/conflicts`
      const [one, two] = [await signedIn(path), await signedIn(path)]
      const [file, step] = [
        one.getByRole('listitem').filter({ hasText: 'board against file' }),
        one.getByRole('listitem').filter({ hasText: 'board against step' }),
      ]
      await file.locator('ins').first().waitFor()
      expect(await step.locator('.conflict-sides').innerText()).toMatch(
        /Before\s+To do|In progress/,
      )
      await file.getByRole('button', { name: /Keep the board/ }).click()
      await two.getByText('1 conflict', { exact: true }).waitFor()
      await two.getByText('board against file').waitFor({ state: 'detached' })

      await pressed(two, /Take the step/)
      await one.getByText('Nothing waits for a decision').waitFor()
      await two.getByText('Nothing waits for a decision').waitFor()
      await two.locator('main:focus').waitFor()
      await two.getByLabel('State').selectOption('resolved')
      await two.getByText(/Resolved for the step by admin/).waitFor()
      expect(new URL(two.url()).search).toBe('?state=resolved')
      expect((await client.get(`/conflicts?project_id=${sample.projectId}`)).body.items).toEqual([])
    })

    test('several at once, and those of a closed sprint with a reason', async () => {
      const sample = await sampleSprint(client)
      await twoConflicts(client, sample)
      const ended = await client.post(`/sprints/${sample.sprintId}/actions/fail`, {
        reason: 'over',
      })
      expect(ended.status).toBe(200)
      const page = await signedIn(`/projects/${sample.slug}/conflicts`)
      await page.getByLabel('Select 2').focus()
      await page.keyboard.press('Space')
      await page.getByText('2 selected').waitFor()
      await pressed(page, 'Take the other side for these')
      await page
        .getByText(/Nothing waits|The sprint has ended/)
        .first()
        .waitFor()
    })

    test('a member decides about files alone, a viewer about nothing', async () => {
      const sample = await sampleSprint(client)
      await twoConflicts(client, sample)
      const path = `/projects/${sample.slug}/conflicts`
      const member = await signedIn(path, { token: await secretOf('member') })
      await member.getByText('Open. An admin decides.').waitFor()
      expect(await button(member, /Keep the board/).count()).toBe(1)
      const viewer = await signedIn(path, { token: await secretOf('viewer') })
      await viewer.getByText('2 conflicts', { exact: true }).waitFor()
      expect(await viewer.getByRole('main').getByRole('button').count()).toBe(0)
      expect(await viewer.getByRole('checkbox').count()).toBe(0)
    })
  })

  describe('tokens', () => {
    test('made and shown once, then revoked; the own one is warned of', async () => {
      const page = await signedIn('/tokens')
      await button(page, 'Create a token').click()
      await button(page, 'Create').click()
      await page.getByRole('dialog').locator('.field-error', { hasText: /\w/ }).first().waitFor()
      await page.getByLabel('Name', { exact: true }).fill('Build robot')
      await page.getByRole('combobox', { name: 'Role' }).selectOption('agent')
      const lastDay = page.getByLabel('Last day')
      await lastDay.focus()
      await page.keyboard.type('12')
      await button(page, 'Create').click()
      await page.getByText('must be a whole date').waitFor()
      await lastDay.fill('12345-01-01')
      await button(page, 'Create').click()
      await page.getByText('must be a date').waitFor()
      await lastDay.fill('2020-01-01')
      await button(page, 'Create').click()
      await page.getByText('must lie in the future').waitFor()
      expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Build robot')
      await lastDay.fill('2099-01-01')
      await button(page, 'Create').click()
      const secret = await page.getByLabel('Secret of Build robot').inputValue()
      expect(await accessibilityProblems(page)).toEqual([])
      expect((await client.get('/projects', { token: secret })).status).toBe(200)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(await page.content()).not.toContain(secret)
      await page.getByRole('row', { name: /Build robot.*agent.*valid/ }).waitFor()

      await pressed(page, 'Revoke Build robot')
      await pressed(page, 'Revoke')
      await page.getByText('“Build robot” is revoked').waitFor()
      await page.getByRole('row', { name: /Build robot/ }).waitFor({ state: 'detached' })
      // Who it let in is known for up to a second more.
      const refused = async () => (await client.get('/projects', { token: secret })).status
      await expect.poll(refused, { timeout: 5000 }).toBe(401)
      await page.getByLabel('Revoked and expired too').check()
      await page.getByRole('row', { name: /Build robot.*revoked/ }).waitFor()
      await page.getByRole('row', { name: /yours/ }).getByRole('button').click()
      await page.getByText('This is what you are signed in with').waitFor()
    })

    test('others see what their role may do, and nothing of tokens', async () => {
      const page = await signedIn('/tokens', { token: await secretOf('viewer') })
      await page.getByText('An admin makes and revokes tokens').waitFor()
      await page.getByRole('columnheader', { name: 'viewer yours' }).waitFor()
      expect(await page.getByRole('main').getByRole('button').count()).toBe(0)
    })
  })
})
