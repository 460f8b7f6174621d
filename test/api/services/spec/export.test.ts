import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const project = await api.project()
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test('an export flips the marks that differ and no other byte, and names the text it is made from', async () => {
  const sprint = await api.sprint(project.id)
  const path = `/sprints/${sprint.id}/actions`
  const text = '# Täsks\r\n\r\n- [ ] T001 A\r\n* [x] T002 B\n- [ ] T003 C  \n- [ ] T001 Again\n\n\n'
  await api.post(`${path}/import-tasks`, { spec_path: 'specs/a', content: text })
  const quiet = (await api.post(`${path}/export-tasks`)).body.files
  expect(quiet).toEqual([
    expect.objectContaining({
      spec_path: 'specs/a/tasks.md',
      content: text,
      base_hash: sha256(text),
      changed: [],
      unpatchable: [],
    }),
  ])
  const tasks = (await api.get(`/sprints/${sprint.id}/tasks`)).body.items
  const set = (n: number, board_status: string) =>
    api.patch(`/tasks/${tasks[n].id}`, { board_status })
  await set(0, 'done')
  await set(1, 'todo')
  await set(2, 'in_progress')
  await set(3, 'done')
  const [file] = (await api.post(`${path}/export-tasks`)).body.files
  expect(file.content).toBe(
    text
      .replace('[ ] T001 A\r', '[x] T001 A\r')
      .replace('[x] T002', '[ ] T002')
      .replace('[ ] T001 Again', '[x] T001 Again'),
  )
  expect(file.changed).toEqual(['T001', 'T002', 'T001'])
  expect(file.base_hash).toBe(sha256(text))
  // Read in again, it is what the board says already.
  const again = await api.post(`${path}/import-tasks`, {
    spec_path: 'specs/a',
    content: file.content,
  })
  expect(again.body).toMatchObject({ created: 0, updated: 0, conflicts: [] })
})

test('equal ids in two specs are ticked in their own files; skipped work is not ticked', async () => {
  const sprint = await api.sprint(project.id)
  const path = `/sprints/${sprint.id}/actions`
  for (const name of ['one', 'two']) {
    await api.post(`${path}/import-tasks`, {
      spec_path: `specs/${name}`,
      content: `- [ ] T001 ${name}\n`,
    })
  }
  const tasks = (await api.get(`/sprints/${sprint.id}/tasks`)).body.items
  const two = tasks.find((it: Json) => it.title === 'two')
  await api.patch(`/tasks/${two.id}`, { board_status: 'done' })
  const { files } = (await api.post(`${path}/export-tasks`)).body
  expect(files.map((it: Json) => it.content)).toEqual(['- [ ] T001 one\n', '- [x] T001 two\n'])
  await api.database.sql`update tasks set skipped = true where id = ${two.id}`
  const after = (await api.post(`${path}/export-tasks`)).body.files
  expect(after[1].content).toBe('- [ ] T001 two\n')
})

test('a sprint that never had a tasks.md gets a fresh one that can be read back', async () => {
  const sprint = await api.sprint(project.id, { goal: 'Ship it' })
  const task = await api.task(project.id, { sprint_id: sprint.id, title: 'Write the docs' })
  await api.patch(`/tasks/${task.id}`, { board_status: 'done' })
  await api.task(project.id, { sprint_id: sprint.id, title: 'Send the mail' })
  const path = `/sprints/${sprint.id}/actions`
  const answer = await api.post(`${path}/export-tasks`, { output_path: 'specs/fresh' })
  const [file] = answer.body.files
  expect(file).toMatchObject({ spec_id: null, spec_path: 'specs/fresh/tasks.md', base_hash: null })
  const read = await api.post(
    `/sprints/${(await api.sprint(project.id)).id}/actions/import-tasks`,
    {
      spec_path: 'specs/fresh',
      content: file.content,
    },
  )
  expect(read.body).toMatchObject({ recognised: 2, created: 2, skipped: [] })
  const outside = await api.post(`${path}/export-tasks`, { output_path: '../outside' })
  expect(outside).toMatchObject({ status: 422, body: { errors: [{ field: 'output_path' }] } })
})
