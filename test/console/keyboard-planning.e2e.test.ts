import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Json } from '../support/api.ts'
import { chromiumPath } from './support/browser.ts'
import { focusIsOn, tabTo } from './support/by-tab.ts'
import { consoleServer } from './support/console-server.ts'
import { useVisits } from './support/visits.ts'

const tasksFile = '- [ ] T001 Lay out\n- [ ] T002 Build (depends on T001)\n'

describe.skipIf(!chromiumPath)('planning by keyboard alone', async () => {
  const server = await consoleServer()
  const { client } = server
  const signedIn = useVisits(server)

  const patience = { timeout: 10_000 }
  const focusOn = (page: Page, name: string) =>
    expect.poll(() => focusIsOn(page, name), { ...patience, message: name }).toBe(true)
  const focusSomewhere = (page: Page) =>
    expect.poll(() => page.evaluate('document.activeElement.localName'), patience).not.toBe('body')
  const answers = (read: () => Promise<unknown>) => expect.poll(read, patience)
  /** Goes to a button and presses it. */
  const press = async (page: Page, name: string) => {
    await tabTo(page, name)
    await page.keyboard.press('Enter')
  }
  const titled = (page: Page, name: string) =>
    page.getByRole('heading', { name, exact: true }).last().waitFor()
  const itemsOf = async (path: string): Promise<Json[]> => (await client.get(path)).body.items
  const made = async (path: string, body: object): Promise<Json> =>
    (await client.post(path, body)).body

  test('a token signs in, and the first project and its first sprint are created', async () => {
    const page = await signedIn('/', { token: 'not one' })
    await titled(page, 'Sign in to DevGodzilla')
    await tabTo(page, 'Access token')
    await page.keyboard.type('a wrong one')
    await page.keyboard.press('Enter')
    await page.getByText('This token is not known').waitFor()
    await focusOn(page, 'Access token')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type(client.adminToken)
    await page.keyboard.press('Enter')
    await page.getByText('No project yet').waitFor()
    await focusSomewhere(page)

    await press(page, 'Create a project')
    await focusOn(page, 'Name')
    await page.keyboard.type('Keys only')
    await page.keyboard.press('Enter')
    await titled(page, 'Keys only')
    await focusSomewhere(page)
    await answers(() => itemsOf('/projects')).toMatchObject([{ slug: 'keys-only' }])

    await page.getByText('No open sprint').waitFor()
    // The first of that name is in the page's head.
    await tabTo(page, 'Create a sprint')
    await page.keyboard.press('Tab')
    await press(page, 'Create a sprint')
    await focusOn(page, 'Name')
    await page.keyboard.press('Escape')
    await focusOn(page, 'Create a sprint')
    await page.keyboard.press('Enter')
    await focusOn(page, 'Name')
    await page.keyboard.type('Round one')
    await tabTo(page, 'Goal')
    await page.keyboard.type('Hands stay where they are')
    await press(page, 'Create')
    await page.getByRole('main').getByRole('link', { name: 'Round one' }).waitFor()
    await focusSomewhere(page)
    const goal = 'Hands stay where they are'
    await answers(() => itemsOf('/sprints')).toMatchObject([{ name: 'Round one', goal }])
  })

  test('a tasks.md is chosen, previewed and imported, and a task is created', async () => {
    const { id } = await made('/projects', { slug: 'import', name: 'Import' })
    const tasks = async () => (await itemsOf(`/tasks?project_id=${id}`)).map((it) => it.title)
    const page = await signedIn('/projects/import/backlog')
    await page.getByText('Nothing waits').waitFor()
    await press(page, 'Import a tasks.md')
    await focusOn(page, 'Spec')
    await page.keyboard.type('specs/001-round')
    await tabTo(page, 'File', 'Shift+Tab')
    const asked = page.waitForEvent('filechooser')
    await page.keyboard.press('Space')
    const file = { name: 'tasks.md', mimeType: 'text/markdown', buffer: Buffer.from(tasksFile) }
    await (await asked).setFiles(file)
    await press(page, 'Preview')
    await titled(page, 'What this import would do')
    await focusSomewhere(page)
    expect(await tasks()).toEqual([])

    await press(page, 'Import 2 tasks')
    await page.getByText('2 tasks read into the backlog: 2 new').waitFor()
    await focusSomewhere(page)
    await press(page, 'Done')
    await focusOn(page, 'Import a tasks.md')
    await answers(tasks).toEqual(['Lay out', 'Build'])

    await page.keyboard.press('c')
    await focusOn(page, 'Title')
    await page.keyboard.type('Write notes')
    await tabTo(page, 'Points')
    await page.keyboard.type('3')
    await page.keyboard.press('Enter')
    await focusOn(page, 'Write notes')
    await answers(() => itemsOf(`/tasks?project_id=${id}`)).toContainEqual(
      expect.objectContaining({ title: 'Write notes', story_points: 3, sprint_id: null }),
    )
  })

  test('a sprint is created, planned, started, completed with a carry-over and opened again', async () => {
    const { id } = await made('/projects', { slug: 'life', name: 'Life' })
    const next = await made('/sprints', { project_id: id, name: 'Later round' })
    for (const title of ['First', 'Second']) {
      await made('/tasks', { project_id: id, title, story_points: 2 })
    }
    const sprint = async () =>
      (await itemsOf(`/sprints?project_id=${id}`)).find((it) => it.name === 'Early round')
    const cardsOf = async (it: Json) =>
      (await itemsOf(`/sprints/${it.id}/tasks`)).map(({ title }) => title)
    const page = await signedIn('/projects/life/backlog')
    await tabTo(page, 'First')
    await page.keyboard.press('s')
    await focusOn(page, 'Name')
    await page.keyboard.type('Early round')
    await page.keyboard.press('Enter')
    await titled(page, 'Early round')
    await focusOn(page, 'First')

    await page.keyboard.press('m')
    await focusOn(page, 'Early round (planning)')
    await page.keyboard.press('ArrowDown')
    await focusOn(page, 'Later round (planning)')
    // The menu's letters are not the row's: there, it estimates.
    await page.keyboard.press('e')
    await focusOn(page, 'Early round (planning)')
    await page.keyboard.press('Enter')
    await focusOn(page, 'Second')
    const planned: Json = await sprint()
    await answers(() => cardsOf(planned)).toEqual(['First'])

    await press(page, 'Start… Early round')
    await page.getByRole('dialog').getByText('2 points in 1 card').waitFor()
    await focusOn(page, 'Close')
    await press(page, 'Start the sprint')
    await focusOn(page, 'Complete… Early round')
    await answers(sprint).toMatchObject({ status: 'active', committed_points: 2 })

    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('1 card with 2 points').waitFor()
    await focusOn(page, 'Close')
    await tabTo(page, 'What is left goes to')
    await page.keyboard.press('l')
    await press(page, 'Complete the sprint')
    await titled(page, '1 card carried over')
    await focusSomewhere(page)
    await answers(sprint).toMatchObject({ status: 'completed' })
    expect(await cardsOf(next)).toEqual(['First'])

    await press(page, 'Open again… Early round')
    await focusOn(page, 'Why is it opened again?')
    await page.keyboard.type('Closed too early')
    await press(page, 'Open it again')
    await focusOn(page, 'Complete… Early round')
    await answers(sprint).toMatchObject({ status: 'active', committed_points: 2 })
  })
})
