import type { Page, Route } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Json } from '../support/api.ts'
import { agentAtWork } from './support/agent-at-work.ts'
import { chromiumPath } from './support/browser.ts'
import { focusIsOn, tabTo } from './support/by-tab.ts'
import { consoleServer } from './support/console-server.ts'
import { phone, useVisits } from './support/visits.ts'

describe.skipIf(!chromiumPath)('the work of agents in the console', async () => {
  const server = await consoleServer()
  const { client } = server
  const signedIn = useVisits(server)
  const post = async (path: string, body: object = {}): Promise<Json> => {
    const answer = await client.post(path, body)
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const { id: project_id } = await post('/projects', { slug: 'shop', name: 'Shop' })
  const sprint = await post('/sprints', { project_id, name: 'Checkout', goal: 'People pay' })
  const card = (title: string) =>
    post('/tasks', { project_id, sprint_id: sprint.id, title, story_points: 3 })
  const token = async (name: string, role: string): Promise<string> =>
    (await post('/tokens', { name, role })).secret
  const robot = await token('robot', 'agent')
  const viewer = await token('looks on', 'viewer')

  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
  const send = (page: Page) =>
    page.getByRole('dialog').getByRole('button', { name: 'Answer', exact: true })
  const heading = (page: Page, name: string | RegExp) =>
    page.getByRole('heading', { level: 1, name })
  const state = (page: Page, word: string) =>
    page.locator('h1 + .status-word', { hasText: word }).waitFor()

  test('what an agent does shows at once; a person undoes it once nothing stands in the way, and ends it', async () => {
    const task = await card('Take cards')
    const [all, one] = [await signedIn('/projects/shop/sessions'), await signedIn('/')]
    await all.getByText('No agent has worked here yet').waitFor()
    const coder = await agentAtWork(client, `S:${sprint.code}`, { token: robot })
    const row = all.getByRole('row', { name: /^coder/ })
    await row.getByText('at work').waitFor()
    await one.goto(`${server.console}/projects/shop/sessions/${coder.key}`)
    await one.getByText('It has changed no task').waitFor()
    expect(await button(one, 'Undo its work…').count()).toBe(0)

    const text = 'Which cards do we take?'
    await coder.does('post', `/sessions/${coder.key}/notes`, { kind: 'question', text })
    await one.getByRole('region', { name: 'Open questions' }).getByText(text).waitFor()
    await coder.does('post', `/tasks/${task.id}/actions/claim`)
    await one.getByText('Moved from To do to In progress').first().waitFor()
    await one.getByText(/^held until/).waitFor()
    await client.patch(`/tasks/${task.id}`, { title: 'Take all cards' })

    await button(one, 'Undo its work…').click()
    const ask = one.getByRole('dialog')
    await ask.getByText(`What this session changed in ${task.code} is given back`).waitFor()
    await ask.getByRole('button', { name: 'Undo its work' }).click()
    const refused = one.getByRole('alert')
    await refused.getByText('was changed since by admin (revision 3)').waitFor()
    await refused.getByRole('link', { name: task.code }).click()
    const peek = one.getByRole('complementary')
    await peek.getByText('History').click()
    await peek.getByRole('button', { name: /^Title “Take all cards”/ }).waitFor()
    const moved = peek.getByRole('button', {
      name: /^Moved from To do to In progress, assignee coder/,
    })
    await moved.click()
    await peek.getByRole('link', { name: 'The session of coder' }).waitFor()
    await button(one, 'Roll back to this…').click()
    await ask.getByText('That is a new revision').waitFor()
    expect(await ask.locator('del').textContent()).toContain('all')
    await ask.getByRole('button', { name: 'Roll back' }).click()
    await peek.getByRole('button', { name: /^Title “Take cards”/ }).waitFor()
    await one.keyboard.press('Escape')

    await coder.does('patch', `/tasks/${task.id}`, { story_points: 5 })
    const other = await agentAtWork(client, `T:${task.code}`, { agent: 'helper' })
    const { id } = await other.does('post', '/tasks', { project_id, title: 'Made by helper' })
    await one.goto(`${server.console}/projects/shop/sessions/${other.key}`)
    await heading(one, `helper on ${task.code}`).waitFor()
    await button(one, 'Undo its work…').click()
    await ask.getByRole('button', { name: 'Undo its work' }).click()
    await one.getByText('Undone: 0 given back as it was, 1 archived.').first().waitFor()
    expect((await client.get(`/tasks/${id}`)).body.board_status).toBe('archived')

    await button(one, 'End…').click()
    await one.getByText('It holds no task.').waitFor()
    await ask.getByRole('button', { name: 'End the session' }).click()
    await state(one, 'ended')
    await all
      .getByRole('row', { name: /^helper/ })
      .getByText('ended')
      .waitFor()
    await all.getByLabel('State').selectOption('At work')
    await all.getByText('1 session', { exact: true }).waitFor()
    expect(await all.getByRole('row', { name: /^helper/ }).count()).toBe(0)
    await all.getByLabel('State').selectOption('Ended')
    await all.getByRole('link', { name: task.code }).click()
    await all.getByRole('complementary').waitFor()
    await all.keyboard.press('Escape')
    await all.getByRole('complementary').waitFor({ state: 'detached' })
    await expect.poll(() => new URL(all.url()).search).toBe('?state=ended')
  })

  test('a session is handed off and replayed by keyboard alone', async () => {
    const task = await card('Print receipts')
    const writer = await agentAtWork(client, `T:${task.code}`, { agent: 'writer' })
    await writer.does('post', `/tasks/${task.id}/actions/claim`)
    await writer.does('patch', `/tasks/${task.id}`, { story_points: 8, priority: 'high' })
    await client.patch(`/tasks/${task.id}`, { story_points: 1, priority: 'medium' })
    const page = await signedIn('/projects/shop')
    await heading(page, 'Shop').waitFor()
    const go = async () => {
      await page.keyboard.press('g')
      await page.keyboard.press('a')
      return page.url()
    }
    // The keys are there once the page is.
    await expect.poll(go, { timeout: 10_000 }).toContain('/sessions')
    await heading(page, 'Sessions').waitFor()
    await tabTo(page, 'writer')
    await page.keyboard.press('Enter')
    await heading(page, `writer on ${task.code}`).waitFor()

    await tabTo(page, 'Replay…')
    await page.keyboard.press('Enter')
    await page.getByText(/The session made it 8, from 3; now it is 1/).waitFor()
    await tabTo(page, 'Replay')
    await page.keyboard.press('Enter')
    // What is typed before the focus is there would go elsewhere.
    const problem = page.locator('.form-problem:focus')
    await problem.getByText('Nothing was replayed').waitFor()
    await tabTo(page, 'Leave what conflicts as it is, and do the rest')
    await page.keyboard.press('Space')
    await tabTo(page, 'Replay')
    await page.keyboard.press('Enter')
    await page.getByText('Replayed: 1 changed, 1 left as they are.').first().waitFor()
    const replayed = (await client.get(`/tasks/${task.id}`)).body
    expect(replayed).toMatchObject({ priority: 'high', story_points: 1 })

    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await tabTo(page, 'Hand off…')
    await page.keyboard.press('Enter')
    await page.getByLabel('To which agent').and(page.locator(':focus')).waitFor()
    await page.keyboard.type('writer')
    await page.keyboard.press('Enter')
    await problem.getByText('is that of writer already').waitFor()
    await page.getByLabel('To which agent').fill('editor')
    await page.keyboard.press('Enter')
    await heading(page, `editor on ${task.code}`).waitFor()
    await state(page, 'not taken up yet')
    await page.getByText(/agent init SESSION:ws-[0-9a-f]{32} --agent editor$/).waitFor()
    await page.getByText(/^held until/).waitFor()
    await tabTo(page, 'its session')
    await page.keyboard.press('Enter')
    await state(page, 'handed off')
  })

  test('a person answers what an agent has asked, by mouse and by keyboard; two at once are told', async () => {
    const asker = await agentAtWork(client, `S:${sprint.code}`, { agent: 'asker', token: robot })
    const path = `/projects/shop/sessions/${asker.key}`
    const [all, one, two] = [
      await signedIn('/projects/shop/sessions?questions=open'),
      await signedIn(path),
      await signedIn(path, { viewport: phone }),
    ]
    for (const text of ['Which tax?', 'Which currency?'])
      await asker.does('post', `/sessions/${asker.key}/notes`, { kind: 'question', text })
    const row = all.getByRole('row', { name: /^asker/ })
    await row.getByText('2 open questions').waitFor()
    await row.getByText(/^holds no task, expires/).waitFor()
    const question = (page: Page, text: string) =>
      page.getByRole('region', { name: 'Open questions' }).getByRole('listitem').filter({
        hasText: text,
      })
    for (const page of [one, two]) {
      await question(page, 'Which currency?').getByRole('button', { name: 'Answer…' }).click()
      await page.getByText('asker finds it in the memory when it next asks').waitFor()
      await page.getByLabel('Your answer').fill(' ')
    }
    await send(one).click()
    await one.locator('.field-error', { hasText: 'must not be blank' }).waitFor()
    await expect.poll(() => focusIsOn(one, 'Your answer')).toBe(true)
    await one.keyboard.type('The euro.')
    await send(one).click()
    await row.getByText('1 open question', { exact: true }).waitFor()
    await question(two, 'Which currency?').waitFor({ state: 'detached' })
    await two.getByLabel('Your answer').fill('The pound.')
    await send(two).click()
    await two.getByText('admin has answered it already: “The euro.”').waitFor()
    expect(await two.evaluate('document.documentElement.scrollWidth')).toBe(phone.width)

    // The next question has the focus.
    await expect.poll(() => focusIsOn(one, 'Answer…')).toBe(true)
    await one.keyboard.press('Enter')
    await one.getByRole('dialog').getByText('Which tax?').waitFor()
    await one.keyboard.type('None.')
    await tabTo(one, 'Answer')
    await one.keyboard.press('Enter')
    const decided = one.getByRole('region', { name: 'Decisions' }).getByRole('listitem')
    await decided.filter({ hasText: 'Answers “Which tax?”' }).getByText('None.').waitFor()
    await decided.first().getByText('admin,').waitFor()
    await expect.poll(() => focusIsOn(one, 'Memory')).toBe(true)
    await row.waitFor({ state: 'detached' })
  })

  test('an expired session tells how it goes on; a page of its story that does not come is asked for again', async () => {
    const task = await card('Refund')
    const sleeper = await agentAtWork(client, `T:${task.code}`, { agent: 'sleeper' })
    const note = (text: string, kind = 'note') =>
      sleeper.does('post', `/sessions/${sleeper.key}/notes`, { kind, text })
    await Promise.all(Array.from({ length: 50 }, (_, nth) => note(`Note ${nth}`)))
    await note('Who pays?', 'question')
    await client.database.sql`
      update work_sessions set lease_until = now() - interval '1 s', expires_at = now()
      where key = ${sleeper.key}`
    const page = await signedIn('/projects/shop/sessions')
    await page
      .getByRole('row', { name: /^sleeper.* expired/ })
      .getByRole('link', { name: 'sleeper' })
      .click()
    await state(page, 'expired')
    await page.getByText(`npx devgodzilla agent init SESSION:${sleeper.key}`).waitFor()
    await page.getByText(/^Expired /).waitFor()
    await button(page, 'Answer…').click()
    await page.getByText('who resumes it finds the answer in the memory').waitFor()
    await page.keyboard.type('The shop.')
    await send(page).click()
    await page.getByText('Answers “Who pays?”').waitFor()

    const events = page.getByRole('list', { name: 'Events of the session' }).getByRole('listitem')
    await expect.poll(() => events.count()).toBe(50)
    const older = /\/events\?.*cursor=/
    await page.route(older, (route) => route.fulfill({ status: 400, body: '' }))
    await button(page, 'Load older events').click()
    const told = page.getByRole('alert').filter({ hasText: 'The server answered 400' })
    await told.waitFor()
    expect(await events.count()).toBe(50)
    await page.unroute(older)
    const meanwhile = async (route: Route) => {
      await client.patch(`/tasks/${task.id}`, { title: 'Refund at once' })
      await page.getByText('Refund at once').first().waitFor()
      await route.continue()
    }
    await page.route(older, meanwhile, { times: 1 })
    await told.getByRole('button', { name: 'Try again' }).click()
    await told.waitFor({ state: 'detached' })
    await expect.poll(() => events.count()).toBeGreaterThan(50)
    await page.getByText('sleeper began a session').waitFor()
  })

  test('a sprint tells what it was; any two revisions are compared; who only looks cannot go back', async () => {
    await post(`/sprints/${sprint.id}/actions/start`)
    await client.patch(`/sprints/${sprint.id}`, { goal: 'People pay by card' })
    const path = `/projects/shop/sprints/${sprint.code}/history`
    const page = await signedIn(path, { token: viewer })
    await button(page, /^Goal “People pay by card”/).click()
    await page.locator('ins', { hasText: 'by card' }).waitFor()
    await button(page, /^Went from planning to active/).click()
    await page.getByLabel('Compared with').last().selectOption({ index: 0 })
    await page.locator('.differences').nth(1).getByText('by card').waitFor()
    expect(await button(page, 'Roll back to this…').count()).toBe(0)
    const planner = await signedIn(path)
    await button(planner, /^Went from planning to active/).click()
    await button(planner, 'Roll back to this…').waitFor()
    await post(`/sprints/${sprint.id}/actions/complete`)
    await button(planner, 'Roll back to this…').waitFor({ state: 'detached' })
    await page.goto(`${server.console}/projects/shop/sessions`)
    await page.getByRole('link', { name: 'coder' }).first().click()
    await heading(page, `coder on ${sprint.code}`).waitFor()
    expect(await page.getByRole('button', { name: /…$/ }).count()).toBe(0)
  })
})
