import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Json } from '../support/api.ts'
import { chromiumPath } from './support/browser.ts'
import { consoleServer } from './support/console-server.ts'
import { pastSprint } from './support/past-sprint.ts'
import { useVisits } from './support/visits.ts'

describe.skipIf(!chromiumPath)('charts in a browser', async () => {
  const server = await consoleServer()
  const { client } = server
  const signedIn = useVisits(server)
  const past = await pastSprint(client)

  const chart = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
  const rows = async (page: Page, name: string) => {
    await chart(page, name).getByText('Show as table').click()
    // The rows are made once it has opened.
    await chart(page, name).locator('tbody tr').first().waitFor()
    const lines = await chart(page, name).locator('tbody tr').allInnerTexts()
    return lines.map((line) => line.split('\t').map((cell) => cell.trim()))
  }
  /** A picture, dot by dot. */
  const look = (page: Page, name: string) =>
    chart(page, name)
      .locator('.plot canvas')
      .evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL())

  test('a sprint tells in sentences, tables and files what the API says', async () => {
    const page = await signedIn(past.charts)
    const burndown = (await client.get(`/sprints/${past.sprint.id}/burndown`)).body
    const picture = chart(page, 'Burndown').getByRole('img')
    await picture.waitFor()
    expect(await picture.getAttribute('aria-label')).toMatch(/^11 of 16 points are left; the guide/)
    await chart(page, 'Burndown').getByText('11 of 16 points are left').waitFor()
    await chart(page, 'Burnup').getByText('Scope has grown from 13 to 16 points; 5 of').waitFor()
    await chart(page, 'Cumulative flow').getByText('1 card is in work (1 in progress)').waitFor()
    await chart(page, 'Cycle time').getByText('85 % of cards were done within 3 days').waitFor()

    expect((await rows(page, 'Burndown')).map((cells) => cells.slice(1))).toEqual(
      burndown.points.map((it: Json) => [
        `${it.remaining}`,
        `${it.scope}`,
        `${it.done}`,
        it.scope_change === 0 ? '' : `+${it.scope_change}`,
      ]),
    )
    await chart(page, 'Burndown').getByText('1 scope change since the start').click()
    await chart(page, 'Burndown').getByRole('link', { name: 'Late three' }).waitFor()
    const coming = page.waitForEvent('download')
    await chart(page, 'Burndown').getByRole('link', { name: 'Download CSV' }).click()
    const path = await (await coming).path()
    expect(await readFile(path, 'utf8')).toMatch(/^at,remaining,scope,done,scope_change\r\n/)
  })

  test('keys and pointer read values out, and a dot opens its card', async () => {
    const page = await signedIn(past.charts)
    const values = page.getByRole('slider', { name: 'Values of Burndown' })
    await values.focus()
    await page.keyboard.press('Home')
    const told = () => values.getAttribute('aria-valuetext')
    await expect.poll(told).toMatch(/: 13 remaining, guideline 13$/)
    await page.keyboard.press('End')
    await expect.poll(told).toMatch(/: none remaining/)
    const end = await told()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(told).not.toBe(end)
    await values.blur()
    await values.hover({ position: { x: 3, y: 40 } })
    await chart(page, 'Burndown').getByText('Remaining 13').waitFor()

    await page.getByRole('slider', { name: 'Values of Cycle time' }).focus()
    await chart(page, 'Cycle time').getByText('Five: 3 days').waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('complementary').waitFor()
    expect(page.url()).toContain('?task=')
  })

  test('a change elsewhere is drawn, and cursor, table and scroll stay', async () => {
    const page = await signedIn(past.charts)
    const values = page.getByRole('slider', { name: 'Values of Burndown' })
    await values.focus()
    await page.keyboard.press('Home')
    const told = () => values.getAttribute('aria-valuetext')
    await expect.poll(told).toMatch(/: 13 remaining/)
    const began = await told()
    await chart(page, 'Burnup').getByText('Show as table').click()
    await values.focus()
    await page.keyboard.press('Home')
    await client.post('/tasks', {
      project_id: past.project.id,
      sprint_id: past.sprint.id,
      title: 'Later two',
      story_points: 2,
    })
    await chart(page, 'Burndown').getByText('13 of 18 points are left').waitFor()
    expect(await told()).toBe(began)
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('slider')
    await chart(page, 'Burnup').locator('tbody').getByText('18').first().waitFor()
  })

  test('the pictures follow the theme, and paper is light', async () => {
    const page = await signedIn(past.charts)
    await chart(page, 'Cumulative flow').getByRole('img').waitFor()
    const light = await look(page, 'Cumulative flow')
    await page.getByTitle('Dark theme').click()
    await expect.poll(() => look(page, 'Cumulative flow')).not.toBe(light)
    const dark = await look(page, 'Cumulative flow')
    await page.emulateMedia({ media: 'print' })
    await expect.poll(() => look(page, 'Cumulative flow')).not.toBe(dark)
  })

  test('a forecast explains bad input beside its field, and answers another question', async () => {
    const page = await signedIn(past.projectCharts)
    const forecast = chart(page, 'Forecast')
    await forecast.getByLabel('Tasks left, at least').fill('9')
    await forecast.getByLabel('Tasks left, at most').fill('3')
    await forecast.getByRole('button', { name: 'Forecast' }).click()
    await forecast.getByText('must not be less than remaining_min (9)').waitFor()
    const most = forecast.getByLabel('Tasks left, at most')
    expect(await most.getAttribute('aria-invalid')).toBe('true')
    expect(await most.inputValue()).toBe('3')
    await most.fill('many')
    await page.keyboard.press('Enter')
    await forecast.getByText('must be a whole number').waitFor()
    await most.fill('12')
    await page.keyboard.press('Enter')
    await forecast.getByText('The 9 to 12 tasks left will be done by').waitFor()
    const asked = `/projects/${past.project.id}/forecast?remaining_min=9&remaining_max=12`
    const { seed } = (await client.get(asked)).body
    await forecast.getByText(`10,000 runs with seed ${seed}`).waitFor()
  })

  test('what has no history says what is missing', async () => {
    const project = (await client.post('/projects', { slug: 'blank', name: 'Blank' })).body
    const sprint = await client.post('/sprints', { project_id: project.id, name: 'Blank' })
    const page = await signedIn('/projects/blank/charts')
    await page.getByText('No sprint has been completed yet: velocity needs one.').waitFor()
    await page.getByText('The project has had no task yet').waitFor()
    await page.getByText('No forecast: no card of the project').first().waitFor()
    await page.goto(`${server.console}/projects/blank/sprints/${sprint.body.code}/charts`)
    await page.getByText('burndown, burnup and flow begin with its start').waitFor()
    await page.getByRole('link', { name: 'Go to the board to start it' }).waitFor()
    await client.post(`/sprints/${sprint.body.id}/actions/start`)
    await page.getByText('The sprint has no points to burn').first().waitFor()
  })
})
