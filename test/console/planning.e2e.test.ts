import type { Page, Route } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { eventually, type Json } from '../support/api.ts'
import { chromiumPath } from './support/browser.ts'
import { consoleServer } from './support/console-server.ts'
import { routeOnce } from './support/route-once.ts'
import { useVisits } from './support/visits.ts'

const good = `- [x] T001 [US1] Lay out
- [ ] T002 [US1] Build (depends on T001)
- [ ] T003 [5pt] Write notes
- [ ] no id
`
const titlesOf = (tasks: Json[]): string[] =>
  tasks.toSorted((a, b) => a.position - b.position).map(({ title }) => title)
let made = 0

describe.skipIf(!chromiumPath)('planning in a browser', async () => {
  const server = await consoleServer()
  const { client } = server
  const signedIn = useVisits(server)

  const post = async (path: string, body: object): Promise<Json> =>
    (await client.post(path, body)).body

  /** A project with a sprint in planning and three tasks that wait. */
  async function planned() {
    made += 1
    const slug = `plan-${made}`
    const project = await post('/projects', { slug, name: `Plan ${made}` })
    const sprint = await post('/sprints', { project_id: project.id, name: 'Next round' })
    for (const title of ['First', 'Second', 'Third']) {
      await post('/tasks', { project_id: project.id, title, story_points: 2 })
    }
    const page = await signedIn(`/projects/${slug}/backlog`)
    await row(page, 'Backlog', 'Third').waitFor()
    return { project, sprint, slug, page }
  }
  const list = (page: Page, name: string) => page.getByRole('list', { name })
  const row = (page: Page, name: string, title: string) =>
    list(page, name).getByRole('listitem').filter({ hasText: title })
  const titles = (page: Page, name: string) =>
    list(page, name).locator('.plan-title').allTextContents()
  const choose = (page: Page, name: string, content: string | Buffer) =>
    page.getByLabel('File').setInputFiles({
      name,
      mimeType: 'text/markdown',
      buffer: Buffer.from(content),
    })

  test('a tasks.md is explained where it is none, previewed, then imported', async () => {
    const { project, page } = await planned()
    const dialog = page.getByRole('dialog')
    const preview = dialog.getByRole('button', { name: 'Preview' })
    const picture = await page.evaluateHandle(`(() => {
      const carried = new DataTransfer()
      carried.items.add(new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0])], 'tasks.md'))
      return carried
    })()`)
    await page.dispatchEvent('h1', 'dragenter', { dataTransfer: picture })
    await page.getByText('Drop a tasks.md to import it').waitFor()
    await page.dispatchEvent('h1', 'drop', { dataTransfer: picture })
    await dialog.getByLabel('Spec').fill('specs/001-round')
    await preview.click()
    await dialog.locator('.field-error').filter({ hasText: 'not a text in UTF-8' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('i')
    await preview.click()
    await dialog.getByText('Choose a tasks.md').waitFor()
    await dialog.getByLabel('Spec').fill('specs/001-round')
    for (const [content, reason] of [
      [' \n', 'is empty'],
      [Buffer.from([0xff, 0xfe, 0x00]), 'not a text in UTF-8'],
      ['x'.repeat(8_000_001), 'at most 8.0 MB'],
      ['# Notes\n- [ ] no id\n', 'has no task'],
    ] as const) {
      await choose(page, 'notes.md', content)
      await preview.click()
      await dialog.locator('.field-error').filter({ hasText: reason }).waitFor()
    }
    await choose(page, 'tasks.md', good)
    await dialog.getByLabel('Spec').fill('../etc')
    await preview.click()
    await dialog.locator('.field-error').filter({ hasText: 'relative to the repository' }).waitFor()
    await dialog.getByLabel('Spec').fill('specs/001-round')
    await preview.click()
    await dialog.getByText('1 line not recognised').waitFor()
    await dialog.getByText('has no id such as T001').waitFor()
    expect((await client.get('/specs')).body.items).toEqual([])

    await dialog.getByRole('button', { name: 'Import 3 tasks' }).click()
    await dialog.getByText('3 tasks read into the backlog: 3 new').waitFor()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await row(page, 'Backlog', 'Write notes').getByText('5 pts').waitFor()
    const { items } = (await client.get(`/specs?project_id=${project.id}`)).body
    expect(items).toMatchObject([{ path: 'specs/001-round', imports: 1 }])
  })

  test('cards are estimated, ordered and planned by keyboard alone; another window sees it', async () => {
    const { slug, page } = await planned()
    const other = await signedIn(`/projects/${slug}/backlog`)
    await row(other, 'Backlog', 'First').waitFor()
    await row(page, 'Backlog', 'First').locator('.plan-title').focus()
    await page.keyboard.press('e')
    await page.keyboard.type('many')
    await page.keyboard.press('Enter')
    await page.getByText('A whole number from 0 to 1,000').waitFor()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('8')
    await page.keyboard.press('Enter')
    await row(other, 'Backlog', 'First').getByText('8 pts').waitFor()

    await page.keyboard.press('Alt+ArrowDown')
    await expect.poll(() => titles(other, 'Backlog')).toEqual(['Second', 'First', 'Third'])
    await row(page, 'Backlog', 'First').locator('.plan-title').focus()
    await page.keyboard.press('m')
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('n')
    await page.keyboard.press('Enter')
    await row(other, 'Cards of Next round', 'First').waitFor()
    await page.getByText('8 points').first().waitFor()
    await expect.poll(() => titles(page, 'Backlog')).toEqual(['Second', 'Third'])
    // The next row has the focus now.
    await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('Third')
    await page.keyboard.press('x')
    await page.getByText('1 selected').waitFor()
    await page.keyboard.press('Escape')

    await row(page, 'Backlog', 'Second').locator('.plan-title').focus()
    await page.keyboard.press('ControlOrMeta+a')
    await page.getByText('2 selected').waitFor()
    await page.keyboard.press('l')
    await page.keyboard.type('later')
    await page.keyboard.press('Enter')
    await row(other, 'Backlog', 'Third').getByText('later').waitFor()
    await row(other, 'Backlog', 'Second').getByText('later').waitFor()
  })

  test('selected cards are dragged into a sprint together, and one undo brings them back', async () => {
    const { page, sprint } = await planned()
    const planOf = async () => (await client.get(`/sprints/${sprint.id}/tasks`)).body.items
    await page.getByRole('checkbox').nth(0).check()
    await page.getByRole('checkbox').nth(2).check()
    await row(page, 'Backlog', 'Third').dragTo(page.getByText('Drag cards here'))
    await row(page, 'Cards of Next round', 'First').waitFor()
    await expect.poll(() => titles(page, 'Backlog')).toEqual(['Second'])
    const items: Json[] = await eventually(planOf, (items) => items.length === 2)
    expect(items.map((it) => it.board_status)).toEqual(['todo', 'todo'])
    await row(page, 'Backlog', 'Second').locator('.plan-title').focus()
    await page.keyboard.press('ControlOrMeta+z')
    await expect.poll(() => titles(page, 'Backlog')).toEqual(['First', 'Second', 'Third'])
    await eventually(planOf, (items) => items.length === 0)
    await expect.poll(() => titles(page, 'Backlog')).toEqual(['First', 'Second', 'Third'])
  })

  test('while the server is away nothing typed or planned is lost, and nothing is done twice', async () => {
    const { project, sprint, page } = await planned()
    const dialog = page.getByRole('dialog')
    const sprints = async () => (await client.get(`/sprints?project_id=${project.id}`)).body.items
    await page.getByText('Live', { exact: true }).first().waitFor()
    await server.stop()
    await row(page, 'Backlog', 'First').locator('.plan-title').focus()
    await page.keyboard.press('e')
    await page.keyboard.type('8')
    await page.keyboard.press('Enter')
    await row(page, 'Backlog', 'First').getByText('not saved yet').waitFor()
    await page.keyboard.press('Alt+ArrowDown')
    await expect.poll(() => titles(page, 'Backlog')).toEqual(['Second', 'First', 'Third'])
    await page.keyboard.press('s')
    await dialog.getByLabel('Name').fill('After that')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText('What you typed stays here').waitFor()
    await server.start()
    await dialog.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'After that' }).waitFor()
    const kept = await eventually(
      async () => (await client.get(`/tasks?project_id=${project.id}`)).body.items,
      (items: Json[]) => titlesOf(items)[0] === 'Second',
    )
    expect(titlesOf(kept)).toEqual(['Second', 'First', 'Third'])
    expect(kept.find((it: Json) => it.title === 'First').story_points).toBe(8)

    // The answer is lost, and then what was typed is changed: it is not done a second time.
    await routeOnce(page, 'POST', '**/sprints', async (route) => {
      await route.fetch()
      await route.abort()
    })
    await page.keyboard.press('s')
    await dialog.getByLabel('Name').fill('Only once')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText('What you typed stays here').waitFor()
    await dialog.getByLabel('Name').fill('Twice')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText('It was not done again').waitFor()
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Twice')
    await page.keyboard.press('Escape')
    expect((await sprints()).map((it: Json) => it.name)).toEqual([
      ...['Next round', 'After that', 'Only once'],
    ])

    // Somebody else ends the sprint while the question is open: it stays, and says what to do.
    await post(`/sprints/${sprint.id}/actions/start`, {})
    await page.getByRole('button', { name: 'More for Next round' }).click()
    await page.getByRole('menuitem', { name: 'End as failed' }).click()
    await dialog.getByLabel('Why did it miss').fill('We were ill')
    await post(`/sprints/${sprint.id}/actions/complete`, {})
    await page
      .getByRole('heading', { name: 'Next round', exact: true })
      .waitFor({ state: 'detached' })
    await dialog.getByRole('button', { name: 'End the sprint' }).click()
    await dialog.getByText('Somebody was faster').waitFor()
    expect(await dialog.getByLabel('Why did it miss').inputValue()).toBe('We were ill')
  })

  test('a form that was taken is not sent again while it closes', async () => {
    const { project, page } = await planned()
    const dialog = page.getByRole('dialog')
    let held: Route[] | null = []
    await page.route(
      ({ pathname }) => pathname === '/sprints',
      (route) => (held && route.request().method() === 'GET' ? held.push(route) : route.continue()),
    )
    await page.keyboard.press('s')
    await page.keyboard.type('Only one')
    await page.keyboard.press('Enter')
    // It was made, and the list is being read again.
    await expect.poll(() => held?.length).toBeGreaterThan(0)
    await page.keyboard.press('Enter')
    const reads = held
    held = null
    for (const route of reads) await route.continue()
    await dialog.waitFor({ state: 'detached' })
    const { items } = (await client.get(`/sprints?project_id=${project.id}`)).body
    expect(items.map((it: Json) => it.name)).toEqual(['Next round', 'Only one'])
    await row(page, 'Backlog', 'First').locator('.plan-title').focus()
    await page.keyboard.press('g')
    await page.keyboard.press('e')
    await page.getByRole('heading', { name: 'Events', level: 1 }).waitFor()
  })

  test('a sprint is created, changed, started, completed and reported', async () => {
    const { project, slug, sprint, page } = await planned()
    await page.getByRole('button', { name: 'Create a sprint' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText('must not be blank').waitFor()
    await dialog.getByLabel('Name').fill('After that')
    await dialog.getByLabel('First day').fill('2026-03-29')
    await dialog.getByLabel('Last day').fill('2026-03-01')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText('must not lie before start_date').waitFor()
    await dialog.getByLabel('Last day').fill('2026-03-29')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'After that' }).waitFor()
    const { items } = (await client.get(`/sprints?project_id=${project.id}`)).body
    expect(items.at(-1)).toMatchObject({ end_date: '2026-03-29T23:59:59.999Z' })

    await post('/tasks', {
      project_id: project.id,
      sprint_id: sprint.id,
      title: 'A',
      story_points: 3,
    })
    await post('/tasks', { project_id: project.id, sprint_id: sprint.id, title: 'B' })
    await row(page, 'Cards of Next round', 'B').waitFor()
    await page.getByRole('button', { name: 'Start… Next round' }).click()
    await dialog.getByText('3 points in 2 cards').waitFor()
    await dialog.getByText('1 card without points').first().waitFor()
    await dialog.getByRole('button', { name: 'Start the sprint' }).click()
    await page.getByRole('button', { name: 'Complete… Next round' }).click()
    await dialog.getByText('2 cards with 3 points').waitFor()
    await dialog.getByLabel('What is left goes to').selectOption({ label: 'After that (planning)' })
    await dialog.getByRole('button', { name: 'Complete the sprint' }).click()
    await page.getByRole('heading', { name: '2 cards carried over' }).waitFor()
    expect(page.url()).toBe(`${server.console}/projects/${slug}/sprints/${sprint.code}/report`)
    expect((await client.get(`/sprints/${items.at(-1).id}/tasks`)).body.items).toHaveLength(2)
  })
})
