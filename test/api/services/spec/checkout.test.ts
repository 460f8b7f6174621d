import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const folder = await mkdtemp(join(tmpdir(), 'devgodzilla-checkout-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const repository = join(folder, 'repository')
const outside = join(folder, 'repository-of-others')
for (const path of [join(repository, 'specs'), outside]) await mkdir(path, { recursive: true })
execFileSync('git', ['init', '--quiet', repository])

const write = async (path: string, content: string | Buffer) => {
  await mkdir(join(repository, path), { recursive: true })
  await writeFile(join(repository, path, 'tasks.md'), content)
}
await write('specs/001-good', '- [ ] T001 From disk\n')
await writeFile(join(outside, 'tasks.md'), '- [ ] T666 Secret\n')
await mkdir(join(repository, 'specs/file-link'))
await symlink(join(outside, 'tasks.md'), join(repository, 'specs/file-link/tasks.md'))
await symlink(outside, join(repository, 'specs/folder-link'))
await symlink(join(repository, 'specs/001-good'), join(repository, 'specs/inner-link'))
await write('specs/latin1', Buffer.from('- [ ] T001 caf\xe9\n', 'latin1'))
await write('specs/huge', `- [ ] T001 Big\n${'x'.repeat(8_000_001)}`)
await mkdir(join(repository, 'specs/a-folder/tasks.md'), { recursive: true })
execFileSync('mkfifo', [join(repository, 'specs/pipe')])
await mkdir(join(repository, 'specs/fifo'))
execFileSync('mkfifo', [join(repository, 'specs/fifo/tasks.md')])

const project = await api.project({ local_path: repository })
const sprint = await api.sprint(project.id)
const read = (spec_path: string) =>
  api.post(`/sprints/${sprint.id}/actions/import-tasks`, { spec_path })

test.each(['specs/001-good', 'specs/001-good/tasks.md', './specs//001-good/', 'specs/inner-link'])(
  '%s is read from the local checkout',
  async (path) => {
    expect(await read(path)).toMatchObject({ status: 200, body: { recognised: 1 } })
  },
)

test.each([
  ['../repository-of-others', 'schema'],
  ['specs/../../repository-of-others', 'schema'],
  ['specs\\..\\..\\repository-of-others', 'schema'],
  [join(folder, 'repository-of-others'), 'schema'],
  ['C:\\secrets', 'schema'],
  ['', 'schema'],
  ['specs/file-link', 'inside_repository'],
  ['specs/folder-link', 'inside_repository'],
  ['specs/latin1', 'utf_8'],
  ['specs/huge', 'tasks_md_size'],
  ['specs/a-folder', 'tasks_md_exists'],
  ['specs/fifo', 'tasks_md_exists'],
  ['specs/pipe', 'tasks_md_exists'],
  ['specs/nowhere', 'tasks_md_exists'],
  [`specs/${'x'.repeat(400)}`, 'tasks_md_exists'],
])('%s is refused by the rule %s, and no spec is made of it', async (path, rule) => {
  const refused = await read(path)
  expect(refused).toMatchObject({ status: 422, body: { rule, errors: [{ field: 'spec_path' }] } })
  expect(JSON.stringify(refused.body)).not.toContain('T666')
  const specs = (await api.get(`/specs?project_id=${project.id}`)).body.items
  expect(specs.map((it: { path: string }) => it.path)).not.toContain(path)
})

test('a project without a checkout needs the content', async () => {
  const bare = await api.sprint((await api.project()).id)
  const path = `/sprints/${bare.id}/actions/import-tasks`
  expect(await api.post(path, { spec_path: 'specs/001-good' })).toMatchObject({
    status: 422,
    body: { rule: 'local_checkout', errors: [{ field: 'content' }] },
  })
})

test('only an admin points a project at a folder, and only at a repository', async () => {
  const member = (await api.post('/tokens', { name: 'm', role: 'member' })).body.secret
  const body = { slug: 'elsewhere', name: 'E', local_path: repository }
  const forbidden = { status: 403, body: { rule: 'local_path_admin_only' } }
  expect(await api.post('/projects', body, { token: member })).toMatchObject(forbidden)
  const plain = await api.project()
  const change = { local_path: repository }
  expect(await api.patch(`/projects/${plain.id}`, change, { token: member })).toMatchObject(
    forbidden,
  )
  for (const local_path of [outside, '/nowhere/at/all', '/etc/hostname', `/${'x'.repeat(300)}`]) {
    expect(await api.post('/projects', { ...body, local_path })).toMatchObject({
      status: 422,
      body: { rule: 'git_repository', errors: [{ field: 'local_path' }] },
    })
  }
  expect(await api.post('/projects', { ...body, local_path: 'relative' })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'local_path' }] },
  })
})
