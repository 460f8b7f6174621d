import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { accessibilityProblems, chromiumPath } from './support/browser.ts'
import { command } from './support/command.ts'
import { consoleServer } from './support/console-server.ts'
import { useVisits } from './support/visits.ts'

describe.skipIf(!chromiumPath)('a project is created and set in a browser', async () => {
  const server = await consoleServer()
  const { client } = server
  const signedIn = useVisits(server)
  let made = 0

  const secretOf = async (role: string) =>
    (await client.post('/tokens', { name: role, role })).body.secret as string
  const projectNow = async (id: number) => (await client.get(`/projects/${id}`)).body
  async function newProject() {
    made += 1
    const slug = `shop-${made}`
    const { body } = await client.post('/projects', { slug, name: `Shop ${made}` })
    return { id: body.id as number, slug, path: `/projects/${slug}/settings` }
  }
  const part = (page: Page, name: string) => page.getByRole('region', { name })
  const save = (page: Page, name: string) =>
    part(page, name).getByRole('button', { name: 'Save' }).click()
  const saved = (page: Page) => page.getByText('Settings saved').waitFor()
  const focusIsOn = (page: Page, name: string) => page.locator(`[name="${name}"]:focus`).waitFor()

  test('the first page leads to the first project, its first sprint, and runs', async () => {
    const page = await signedIn('/sprints')
    await page.getByText('No project yet').waitFor()
    await page.getByRole('link', { name: 'Create a project' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText('must not be blank').waitFor()
    await dialog.getByLabel('Name', { exact: true }).fill('Café & Co.')
    await expect.poll(() => dialog.getByLabel('Short name').inputValue()).toBe('cafe-co')
    await dialog.getByLabel('Short name').fill('Café')
    await dialog.getByLabel('Repository').fill('ext::sh')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText('lower-case letters').waitFor()
    await dialog.getByText('must be an https, ssh or git URL').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByLabel('Short name').fill('cafe')
    await dialog.getByLabel('Repository').fill('')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'Café & Co.', level: 1 }).waitFor()
    await part(page, 'Sprints').getByRole('button', { name: 'Create a sprint' }).click()
    await dialog.getByLabel('Name').fill('First steps')
    await page.keyboard.press('Enter')
    await page.getByRole('main').getByRole('link', { name: 'First steps' }).waitFor()

    await command(page, 'create a project', 'Create a project')
    await dialog.locator('[name="name"]').waitFor()
    expect(new URL(page.url()).search).toBe('?create=project')
    await dialog.locator('[name="name"]').focus()
    await page.keyboard.type('Cafe')
    await page.keyboard.press('Enter')
    await dialog.getByText('is taken').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => new URL(page.url()).search).toBe('')
  })

  test('each part is saved by itself, and what is wrong is said beside its field', async () => {
    const { id, path } = await newProject()
    const page = await signedIn(path)
    await page.getByLabel('Name', { exact: true }).fill(' ')
    await page.getByLabel('Folder of the server').fill('/nowhere')
    await save(page, 'General')
    await page.getByText('must not be blank').waitFor()
    await focusIsOn(page, 'name')
    await page.getByLabel('Name', { exact: true }).fill('Corner shop')
    await save(page, 'General')
    await page.getByText('"/nowhere" is not the root of a Git repository').waitFor()
    await page.getByLabel('Folder of the server').fill('')
    await page.getByLabel('Repository').fill('https://example.com/shop.git')
    await save(page, 'General')
    await saved(page)
    expect(await projectNow(id)).toMatchObject({
      name: 'Corner shop',
      repo_url: 'https://example.com/shop.git',
      local_path: null,
    })

    await page.getByLabel('Time zone').fill('Europe/Atlantis')
    for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']) {
      await page.getByLabel(day).uncheck()
    }
    await save(page, 'Calendar')
    await page.getByText('must be an IANA time zone').waitFor()
    await part(page, 'Calendar').getByRole('group').locator('.field-error:not(:empty)').waitFor()
    await page.getByLabel('Time zone').fill('Asia/Tokyo')
    await page.getByText(/It is \d\d:\d\d on \w+day there/).waitFor()
    await page.getByLabel('Tuesday').check()
    await save(page, 'Calendar')
    await expect
      .poll(() => part(page, 'Calendar').locator('.field-error:not(:empty)').count())
      .toBe(0)

    const limits = part(page, 'Limits of work in progress')
    await limits.getByLabel('In progress').fill('some')
    await limits.getByLabel('Review').fill('0')
    await save(page, 'Limits of work in progress')
    await limits.getByText('must be a whole number of cards').waitFor()
    await limits.getByText('must be at least 1').waitFor()
    await limits.getByLabel('In progress').fill('4')
    await limits.getByLabel('Review').fill('')
    await save(page, 'Limits of work in progress')
    await expect
      .poll(async () => (await projectNow(id)).settings)
      .toEqual({ time_zone: 'Asia/Tokyo', working_days: [2], wip_limits: { in_progress: 4 } })
    expect(await accessibilityProblems(page)).toEqual([])
  })

  test('what another window saves is shown, and takes nothing from what is typed', async () => {
    const { id, path } = await newProject()
    const [one, two] = [await signedIn(path), await signedIn(path)]
    const limits = part(one, 'Limits of work in progress')
    await limits.getByLabel('Review').fill('3')
    await part(two, 'Limits of work in progress').getByLabel('In progress').fill('5')
    await two.getByLabel('Review').fill('2')
    await save(two, 'Limits of work in progress')
    await limits.getByText('Changed meanwhile to “2”').waitFor()
    await expect.poll(() => limits.getByLabel('In progress').inputValue()).toBe('5')
    expect(await limits.getByLabel('Review').inputValue()).toBe('3')
    await focusIsOn(one, 'settings.wip_limits.review')
    await save(one, 'Limits of work in progress')
    await saved(one)
    expect((await projectNow(id)).settings.wip_limits).toEqual({ in_progress: 5, review: 3 })

    await one.getByLabel('Name', { exact: true }).fill('Mine')
    await client.patch(`/projects/${id}`, { name: 'Theirs' })
    await one.getByRole('button', { name: 'Take it for Name' }).click()
    await expect.poll(() => one.getByLabel('Name', { exact: true }).inputValue()).toBe('Theirs')
    await focusIsOn(one, 'name')
  })

  test('the switch says what stops, and is found and thrown by keyboard alone', async () => {
    const { id, slug } = await newProject()
    const page = await signedIn(`/projects/${slug}`)
    await page.getByRole('heading', { name: 'Sprints' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press(',')
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    await command(page, 'switch off the sprint', 'Switch off the sprint integration')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('new runs get no sprint').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Switch it off' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('It is off for this project').waitFor()
    expect((await projectNow(id)).settings.sprint_integration).toBe(false)
    await part(page, 'Sprint integration').getByRole('button').focus()
    await page.keyboard.press('Enter')
    await dialog.getByText('is caught up with at once').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect((await projectNow(id)).settings.sprint_integration).toBe(false)
  })

  test('a viewer reads the values, a member changes no folder, an admin deletes for sure', async () => {
    const { id, path } = await newProject()
    await client.patch(`/projects/${id}`, { settings: { wip_limits: { review: 7 } } })
    const viewer = await signedIn(path, { token: await secretOf('viewer') })
    await part(viewer, 'Limits of work in progress').getByText('7').waitFor()
    const main = viewer.getByRole('main')
    expect(await main.locator('button, input, select').count()).toBe(0)
    const member = await signedIn(path, { token: await secretOf('member') })
    await part(member, 'General').getByRole('button', { name: 'Save' }).waitFor()
    expect(await member.getByLabel('Folder of the server').count()).toBe(0)
    expect(await member.getByRole('button', { name: /Delete/ }).count()).toBe(0)

    const page = await signedIn(path)
    await page.getByRole('button', { name: /^Delete Shop/ }).click()
    await page.getByRole('button', { name: 'Delete it' }).click()
    await page.getByText('must be shop-').waitFor()
    await focusIsOn(page, 'slug')
    await page.keyboard.type(path.split('/')[2] ?? '')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Projects', level: 1 }).waitFor()
    expect((await client.get(`/projects/${id}`)).status).toBe(404)
  })

  test('without the server what is typed stays, and is sent once it is back', async () => {
    const { id, path } = await newProject()
    const page = await signedIn(path)
    await page.getByLabel('Name', { exact: true }).fill('Kept')
    await server.stop()
    await save(page, 'General')
    await page.getByText('What you typed stays here').waitFor()
    await server.start()
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Kept')
    await save(page, 'General')
    await saved(page)
    expect((await projectNow(id)).name).toBe('Kept')
  })
})
