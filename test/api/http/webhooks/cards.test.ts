import { afterAll, expect, test } from 'vitest'
import { git, repositoryWith, writeFiles } from '../../../f/support/git-repositories.ts'
import { startInstallation } from '../../../f/support/installation.ts'
import { clientOf, type Json } from '../../../support/api.ts'
import { testDatabase } from '../../../support/database.ts'
import { pushOf, senderTo } from './support/sender.ts'

const database = await testDatabase()
const house = await startInstallation(database.url)
afterAll(() => house.close())
const { ours, github } = senderTo(clientOf(house.url, '', database))

const file = 'specs/001-shop/tasks.md'
const titles = async (projectId: number) => {
  const { items } = await house.ask<Json>('GET', `/tasks?project_id=${projectId}`)
  return items.map(({ title, board_status }: Json) => `${title}: ${board_status}`)
}

test('signed hooks bring what Git holds onto the board, through the flow, whatever they say', async () => {
  const local_path = await repositoryWith({ [file]: '# Tasks\n\n- [ ] T001 Lay the table\n' })
  const project = await house.ask<Json>('POST', '/projects', {
    ...{ slug: 'shop', name: 'Shop', local_path, repo_url: 'https://github.com/team/shop' },
  })
  const hook = await ours('/webhooks/speckit', { project: 'shop', spec_path: 'specs/001-shop' })
  expect(hook.status).toBe(202)
  expect(await house.ended(hook.body.specs[0].job_id)).toMatchObject({ success: true })
  expect(await titles(project.id)).toEqual(['Lay the table: backlog'])
  const told = await database.sql`
    select distinct correlation_id from events
    where type in ('webhook.received', 'spec.tasks_imported') and project_id = ${project.id}`
  expect(told, 'one chain of causes from the hook to its cards').toHaveLength(1)

  const [spec] = (await house.ask<Json>('GET', `/specs?project_id=${project.id}`)).items
  const sprint = await house.ask<Json>('POST', '/sprints', {
    ...{ project_id: project.id, name: 'First', spec_id: spec.id },
  })
  await writeFiles(local_path, { [file]: '- [x] T001 Lay the table\n- [ ] T002 Sweep\n' })
  await git(local_path, 'commit', '--quiet', '--all', '-m', 'Lay the table')
  const push = await github('push', pushOf())
  expect(await house.ended(push.body.specs[0].job_id)).toMatchObject({ success: true })
  const cards = (await house.ask<Json>('GET', `/sprints/${sprint.id}/tasks`)).items
  expect(cards.map((it: Json) => `${it.title}: ${it.board_status}`)).toEqual([
    'Lay the table: done',
    'Sweep: todo',
  ])
})
