import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { accessibilityProblems, chromiumPath } from './support/browser.ts'
import { consoleServer } from './support/console-server.ts'
import { routeOnce } from './support/route-once.ts'
import { sampleSprint } from './support/sample-sprint.ts'
import { useVisits } from './support/visits.ts'

describe.skipIf(!chromiumPath)('filters, views and the side peek in a browser', async () => {
  const server = await consoleServer()
  const { client } = server

  const signedIn = useVisits(server)
  const cards = (page: Page) => page.locator('.card .card-title').allTextContents()

  describe('filters', () => {
    test('by mouse: asked for, told in the address, taken back one by one', async () => {
      const sample = await sampleSprint(client)
      const page = await signedIn(sample.board)
      await page.getByText('7 cards', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Filter', exact: true }).click()
      await page.getByRole('checkbox', { name: 'US1' }).click()
      await page.getByText('3 of 7 cards', { exact: true }).waitFor()
      await page.getByRole('checkbox', { name: 'To do' }).click()
      await page.getByRole('checkbox', { name: 'Done' }).click()
      expect(await accessibilityProblems(page)).toEqual([])
      await page.keyboard.press('Escape')
      await expect.poll(() => new URL(page.url()).search).toBe('?status=todo&status=done&story=US1')
      await page.getByRole('button', { name: 'Remove User story: US1' }).click()
      await page.getByText('7 of 7 cards', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Remove Column: To do' }).click()
      await page.getByText('1 of 7 cards', { exact: true }).waitFor()
      await page.goBack()
      await page.getByText('7 of 7 cards', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Clear' }).click()
      await page.getByText('7 cards', { exact: true }).waitFor()
      await expect.poll(() => new URL(page.url()).search).toBe('')
    })

    test('by keyboard alone: F, words, a filter found by typing, and the way out', async () => {
      const sample = await sampleSprint(client)
      const page = await signedIn(sample.board)
      await page.getByText('7 cards', { exact: true }).waitFor()
      const before = await page.evaluate('history.length')
      await page.keyboard.press('f')
      await page.keyboard.type('streak page')
      await page.getByText('1 of 7 cards', { exact: true }).waitFor()
      await expect.poll(() => cards(page)).toEqual([expect.stringContaining('Show the streak')])
      expect(await page.evaluate('history.length')).toBe(before)
      await page.keyboard.type(' nowhere')
      await page.getByText('No card fits the filters').waitFor()
      expect(await page.evaluate('document.activeElement.type')).toBe('search')

      await page.keyboard.press('Escape')
      await page.getByText('7 cards', { exact: true }).waitFor()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.locator(':popover-open input:focus').waitFor()
      await page.keyboard.type('only mine')
      await page.keyboard.press('Enter')
      await page.getByText('0 of 7 cards', { exact: true }).waitFor()
      await page.keyboard.press('Escape')
      await page
        .getByRole('button', { name: 'Filter', exact: true })
        .and(page.locator(':focus'))
        .waitFor()
      await page.getByRole('button', { name: 'Show all cards' }).focus()
      await page.keyboard.press('Enter')
      await page.getByText('7 cards', { exact: true }).waitFor()
    })

    test('a link shows what it names, says what nobody knows, and outlives a card', async () => {
      const sample = await sampleSprint(client)
      const page = await signedIn(`${sample.board}?q=page&status=doing&story=US1`)
      await page.getByText('1 of 7 cards', { exact: true }).waitFor()
      await page.getByText('“status=doing” filters nothing').waitFor()
      await page.getByRole('link', { name: 'Show the streak' }).click()
      await page.getByRole('complementary').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('complementary').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Remove status=doing' }).click()
      await expect.poll(() => new URL(page.url()).search).toBe('?q=page&story=US1')
    })

    test('“has conflict” follows what is raised and what is resolved', async () => {
      const sample = await sampleSprint(client)
      const page = await signedIn(`${sample.board}?conflict=1`)
      await page.getByText('0 of 7 cards', { exact: true }).waitFor()
      // A card moved while its step runs.
      const [step] = sample.steps
      await client.post(`/steps/${step}/actions/start`)
      const { linked_task_id: id } = (await client.get(`/steps/${step}`)).body
      await client.patch(`/tasks/${id}`, { board_status: 'done' })
      await page.getByText('1 of 7 cards', { exact: true }).waitFor()
      const { body } = await client.get(`/conflicts?project_id=${sample.projectId}`)
      await client.post(`/conflicts/${body.items[0].id}/actions/resolve`, { side: 'board' })
      await page.getByText('0 of 7 cards', { exact: true }).waitFor()
    })
  })

  describe('saved views', () => {
    test('saved in one window, picked in another, changed, renamed, deleted', async () => {
      const sample = await sampleSprint(client)
      const page = await signedIn(`${sample.board}?story=US1`)
      const other = await signedIn(sample.board)
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
      await other.getByRole('menuitemcheckbox', { name: 'First story' }).waitFor()
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

    const addressed = (sample: { board: string }, code: string) => `${sample.board}?task=${code}`

    test('every field is changed in place by keyboard alone, shown on the card at once, and undone', async () => {
      const sample = await sampleSprint(client)
      const { code } = await taskOf(sample, 'T002')
      const page = await signedIn(addressed(sample, code))
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
      await page.keyboard.press('Control+z')
      await peek.getByText('0 of 1').waitFor()
      await peek.getByRole('button', { name: 'Remove Survives a restart' }).click()
      await saved(sample, 'T002', { acceptance_criteria: [] })
      await peek.getByLabel('Sprint').selectOption('')
      await peek.getByText('This card is not on this board').waitFor()
      await expect.poll(() => cards(page)).toHaveLength(6)
    })

    test('what is wrong is told beside its field, also by the API, and Escape brings back what was', async () => {
      const sample = await sampleSprint(client)
      const { code } = await taskOf(sample, 'T002')
      const page = await signedIn(addressed(sample, code))
      const peek = page.getByRole('complementary')
      await peek.getByLabel('Points').fill('-1')
      await page.keyboard.press('Enter')
      await peek.getByText('Points are a whole number').waitFor()
      await page.keyboard.press('Escape')
      await expect.poll(() => peek.getByLabel('Points').inputValue()).toBe('3')
      await peek.getByLabel('Title').fill('  ')
      await page.keyboard.press('Tab')
      await peek.getByText('A card needs a title.').waitFor()
      await peek.getByLabel('Title').focus()
      await page.keyboard.press('Escape')
      expect(await taskOf(sample, 'T002')).toMatchObject({ story_points: 3 })

      const refusal = { rule: 'of_the_house', detail: 'Not on a Sunday.', status: 409 }
      await page.route('**/tasks/*', (route) =>
        route.fulfill({ status: 409, contentType: 'application/problem+json', json: refusal }),
      )
      await peek.getByLabel('Assignee').fill('ben')
      await page.keyboard.press('Enter')
      await peek.getByText('Not on a Sunday. (of_the_house)').waitFor()
      expect(await peek.getByLabel('Assignee').inputValue()).toBe('ben')
      await peek.getByLabel('Assignee').focus()
      await page.keyboard.press('Escape')
      await expect.poll(() => peek.getByLabel('Assignee').inputValue()).toBe('')
      await page.keyboard.press('Escape')
      await peek.waitFor({ state: 'detached' })
    })

    test('an edit while the server is away is kept, and arrives later', async () => {
      const sample = await sampleSprint(client)
      const { code } = await taskOf(sample, 'T002')
      const page = await signedIn(addressed(sample, code))
      const peek = page.getByRole('complementary')
      await peek.getByLabel('Points').waitFor()
      await page.getByText('Live', { exact: true }).first().waitFor()
      await server.stop()
      try {
        await peek.getByLabel('Points').fill('13')
        await page.keyboard.press('Enter')
        await peek.getByText('not saved yet').waitFor()
        expect(await peek.getByLabel('Points').inputValue()).toBe('13')
      } finally {
        // The walks after this one need it.
        await server.start()
      }
      await peek.getByText('not saved yet').waitFor({ state: 'detached' })
      await saved(sample, 'T002', { story_points: 13 })
    })

    test('what is typed outlives the way back, and the card that can no longer be changed', async () => {
      const sample = await sampleSprint(client)
      const page = await signedIn(sample.board)
      const peek = page.getByRole('complementary')
      const field = peek.getByRole('textbox', { name: 'Description' })
      const link = page.getByRole('link', { name: /Store a check-in/ })
      await link.press('Enter')
      await field.fill('A thought')
      await page.goBack()
      await saved(sample, 'T002', { description: 'A thought' })

      // What is done stays in a sprint that ends.
      await page.getByRole('link', { name: /Create the module/ }).press('Enter')
      await field.fill('A long thought')
      await client.post(`/sprints/${sample.sprintId}/actions/complete`, {})
      await peek.getByText('what you typed is not saved').waitFor()
      expect(await field.inputValue()).toBe('A long thought')
      await page.keyboard.press('Control+Enter')
      await peek.getByText('closed_sprint_is_read_only').waitFor()
      expect(await field.inputValue()).toBe('A long thought')
      expect(await accessibilityProblems(page)).toEqual([])
    })

    test('an edit that another window overtook is shown beside theirs, and kept or given up', async () => {
      const sample = await sampleSprint(client)
      const task = await taskOf(sample, 'T002')
      const page = await signedIn(addressed(sample, task.code))
      const other = await signedIn(addressed(sample, task.code))
      const peek = page.getByRole('complementary')
      const field = peek.getByRole('textbox', { name: 'Description' })
      const write = async (there: Page, label: string, text: string) => {
        await there.getByRole('textbox', { name: label, exact: true }).fill(text)
        await there.keyboard.press('Control+Enter')
      }
      await field.fill('Mine')
      await write(other, 'Description', 'Theirs')
      await peek.getByText('Description was changed meanwhile').waitFor()
      expect(await field.inputValue()).toBe('Mine')
      await page.keyboard.press('Tab')
      expect(await taskOf(sample, 'T002')).toMatchObject({ description: 'Theirs' })
      expect(await accessibilityProblems(page)).toEqual([])
      await peek.getByRole('button', { name: 'Keep mine' }).click()
      await saved(sample, 'T002', { description: 'Mine' })

      // Theirs comes while mine is on its way.
      const theirs = client.patch.bind(client, `/tasks/${task.id}`, { story_points: 5 })
      await routeOnce(page, 'PATCH', '**/tasks/*', async (route) => {
        await theirs()
        await route.continue()
      })
      await write(page, 'Points', '8')
      await peek.getByText('Points was changed meanwhile').waitFor()
      expect(await peek.getByLabel('Points').inputValue()).toBe('8')
      expect(await page.getByText('Somebody changed T002').count()).toBe(0)
      await page.keyboard.press('Escape')
      await expect.poll(() => peek.getByLabel('Points').inputValue()).toBe('5')
      await saved(sample, 'T002', { story_points: 5 })
    })

    test('a dependency is found by title or code; a circle and a foreign card are explained', async () => {
      const sample = await sampleSprint(client)
      const foreign = await sampleSprint(client)
      const abroad = await client.post('/tasks', { project_id: foreign.projectId, title: 'Abroad' })
      const { code } = await taskOf(sample, 'T002')
      const page = await signedIn(addressed(sample, code))
      const other = await signedIn(addressed(sample, (await taskOf(sample, 'T003')).code))
      const peek = page.getByRole('complementary')
      const look = async (there: Page, words: string, found: string) => {
        await there.getByRole('combobox', { name: 'Other card' }).fill(words)
        await there.getByRole('option', { name: found }).waitFor()
        await there.keyboard.press('Enter')
      }
      await other.getByRole('button', { name: 'Add a dependency' }).focus()
      await other.keyboard.press('Enter')
      await look(other, 'T002', 'T002')
      await peek
        .getByRole('region', { name: 'Needed by' })
        .getByRole('link', { name: 'T003' })
        .waitFor()

      await peek.getByRole('button', { name: 'Add a dependency' }).focus()
      await page.keyboard.press('Enter')
      await look(page, 'consecutive', 'T003')
      await peek.getByText('would form a circle').waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      await peek.getByRole('combobox', { name: 'Kind' }).selectOption('suggested')
      await look(page, 'T003', 'T003')
      await peek.getByRole('region', { name: 'Depends on' }).getByText('suggested').waitFor()
      await peek.getByRole('combobox', { name: 'Other card' }).fill(abroad.body.code)
      await peek.getByText('belongs to another project').waitFor()

      await peek
        .getByRole('button', { name: /^Remove the dependency/ })
        .last()
        .focus()
      await page.keyboard.press('Enter')
      await peek.getByRole('region', { name: 'Needed by' }).waitFor({ state: 'detached' })
      await other.getByRole('region', { name: 'Depends on' }).waitFor({ state: 'detached' })
    })

    test('the log of a step opens in place, follows, and keeps where one reads', async () => {
      const sample = await sampleSprint(client)
      const [step] = sample.steps
      const say = (from: number, count: number) =>
        client.post(`/steps/${step}/logs`, {
          lines: Array.from({ length: count }, (_, index) => ({
            seq: from + index,
            line: `line ${from + index}`,
          })),
        })
      await client.post(`/steps/${step}/actions/start`, {})
      await say(0, 100)
      const { body } = await client.get(`/sprints/${sample.sprintId}/tasks`)
      const card = body.items.find((it: { title: string }) => it.title === 'Plan')
      const page = await signedIn(addressed(sample, card.code))
      const peek = page.getByRole('complementary')
      await peek.getByText('Log', { exact: true }).first().click()
      const log = peek.getByRole('region', { name: 'Log of Plan' })
      await log.getByText('line 99').waitFor()
      await say(100, 1)
      await log.getByText('line 100').waitFor()
      await page.evaluate("document.querySelector('.log-lines').scrollTo(0, 400)")
      await peek.getByRole('checkbox', { name: 'Follow', checked: false }).waitFor()
      await say(101, 1)
      await peek.getByText('102 lines').waitFor()
      expect(await page.evaluate("document.querySelector('.log-lines').scrollTop")).toBe(400)
    })

    test('J and K walk the cards; beside the backlog, too; any card of the project opens', async () => {
      const sample = await sampleSprint(client)
      const spare = await client.post('/tasks', { project_id: sample.projectId, title: 'Spare' })
      const page = await signedIn(sample.board)
      await expect.poll(() => cards(page)).toHaveLength(7)
      const [first = '', second = ''] = await cards(page)
      const peek = (name: string) => page.getByRole('complementary', { name })
      await page.getByRole('link', { name: first, exact: true }).click()
      await peek(first).waitFor()
      await page.keyboard.press('j')
      await peek(second).waitFor()
      await page.keyboard.press('k')
      await peek(first).getByText('Events').click()
      await peek(first).getByText('Created').waitFor()

      await page.goto(`${server.console}${addressed(sample, spare.body.code)}`)
      await peek('Spare').getByText('This card is not on this board').waitFor()
      await page.goto(`${server.console}${addressed(sample, 'NONE-1')}`)
      await page.getByText('There is no card “NONE-1”').waitFor()
      await page.goto(`${server.console}/projects/${sample.slug}/backlog`)
      await page.getByRole('button', { name: 'Spare', exact: true }).click()
      await peek('Spare').getByLabel('Points').fill('2')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Spare' }).focus()
      await page.keyboard.press('j')
      await peek(first).waitFor()
      await page.keyboard.press('Escape')
      await peek(first).waitFor({ state: 'detached' })
      await expect
        .poll(async () => (await client.get(`/tasks/${spare.body.id}`)).body.story_points)
        .toBe(2)
    })

    test('a viewer reads it in the dark; whoever may work changes it, on a phone too', async () => {
      const sample = await sampleSprint(client)
      const { code } = await taskOf(sample, 'T002')
      const token = (await client.post('/tokens', { name: 'guest', role: 'viewer' })).body
      const page = await signedIn(`${sample.board}?task=${code}&story=US1&status=odd`, {
        token: token.secret,
        dark: true,
      })
      const peek = page.getByRole('complementary')
      await peek.getByText('Points').first().waitFor()
      expect(await peek.getByRole('textbox').count()).toBe(0)
      expect(await peek.getByRole('combobox').count()).toBe(0)
      expect(await peek.getByRole('button', { name: 'Add a dependency' }).count()).toBe(0)
      await page.keyboard.press('c')
      expect(await page.getByRole('dialog').count()).toBe(0)
      expect(await accessibilityProblems(page)).toEqual([])
      const own = await signedIn(addressed(sample, code))
      await own.getByRole('textbox', { name: 'Points' }).waitFor()
      expect(await accessibilityProblems(own)).toEqual([])
      await own.setViewportSize({ width: 360, height: 740 })
      await expect.poll(() => own.evaluate('document.documentElement.scrollWidth')).toBe(360)
    })
  })

  describe('a new card', () => {
    test('by keyboard alone: in the column of the focused card, once however often it is sent', async () => {
      const sample = await sampleSprint(client)
      const page = await signedIn(sample.board)
      const dialog = page.getByRole('dialog')
      await page.getByRole('link', { name: /Create the module/ }).focus()
      await page.keyboard.press('c')
      await expect.poll(() => dialog.getByLabel('Column').inputValue()).toBe('done')
      await page.keyboard.press('Enter')
      await dialog.getByText('A card needs a title.').waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      await page.keyboard.type('Tell the team')
      await dialog.getByLabel('Points').fill('many')
      await page.keyboard.press('Enter')
      await dialog.getByText('Points are a whole number').waitFor()
      await page.keyboard.press('Control+A')
      await page.keyboard.type('2')
      await dialog.getByLabel('Labels').fill('US1, news')
      await routeOnce(page, 'POST', '**/tasks', async (route) => {
        await route.fetch()
        await route.abort()
      })
      await page.keyboard.press('Enter')
      await dialog.getByText('What you typed stays here').waitFor()
      await dialog.getByLabel('Title').focus()
      await page.keyboard.press('Enter')
      await dialog.waitFor({ state: 'detached' })
      const made = page.getByRole('link', { name: 'Tell the team' })
      await expect
        .poll(() => made.evaluate('document.activeElement.textContent'))
        .toBe('Tell the team')
      await page.getByText('8 cards', { exact: true }).waitFor()
      const { body } = await client.get(`/sprints/${sample.sprintId}/tasks`)
      const all = body.items.filter((it: { title: string }) => it.title === 'Tell the team')
      expect(all).toMatchObject([
        { board_status: 'done', story_points: 2, labels: ['US1', 'news'] },
      ])
    })

    test('several in a row, the last into the backlog', async () => {
      const sample = await sampleSprint(client)
      const page = await signedIn(sample.board)
      const dialog = page.getByRole('dialog')
      await page.getByRole('button', { name: 'Create a task' }).click()
      await dialog.getByLabel('Title').fill('One')
      await dialog.getByLabel('Create another one').check()
      await dialog.getByLabel('Title').press('Enter')
      await dialog.getByText('“One” is created').waitFor()
      await expect.poll(() => dialog.getByLabel('Title').inputValue()).toBe('')
      await dialog.locator(':focus').and(dialog.getByLabel('Title')).waitFor()
      await page.keyboard.type('Two')
      await dialog.getByLabel('Sprint').selectOption('')
      await dialog.getByLabel('Create another one').uncheck()
      await dialog.getByRole('button', { name: 'Create', exact: true }).click()
      await page.getByText('It is not on this board').waitFor()
      await page.getByText('8 cards', { exact: true }).waitFor()

      await page.goto(`${server.console}/projects/${sample.slug}/backlog`)
      await page.getByRole('button', { name: 'Two', exact: true }).waitFor()
      await page.keyboard.press('c')
      await page.keyboard.type('Three')
      await page.keyboard.press('Enter')
      await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Three')
    })
  })
})
