import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { pushOf, senderTo } from './support/sender.ts'
import { fakeWindmill } from './support/windmill.ts'

const windmill = await fakeWindmill()
const api = await checkedApi({ windmillUrl: windmill.url, sprintIntegration: true })
const { sql } = api.database
const { github } = senderTo(api)
const repo_url = 'git@github.com:Team/Shop.git'
const project = await api.project({ slug: 'shop', repo_url })

const touching = (...commits: object[]) => ({
  commits: commits.map((commit) => ({ added: [], removed: [], modified: [], ...commit })),
})
const specsOf = ({ body }: Json): string[] => body.specs.map((it: Json) => it.spec_path)

beforeEach(async () => {
  await api.settled()
  windmill.started.length = 0
})

test('a push has each tasks.md it added, changed or removed read again, once', async () => {
  const push = pushOf(
    touching(
      { added: ['specs/002-till/tasks.md', 'specs/002-till/spec.md'] },
      { modified: ['specs/001-shop/tasks.md', 'src/shop.ts', '.claude/commands/tasks.md'] },
      { modified: ['specs/001-shop/tasks.md'], removed: ['packages/a/specs/000-old/tasks.md'] },
    ),
  )
  const answer = await github('push', push, { id: 'a-push' })
  expect(answer).toMatchObject({
    status: 202,
    body: { delivery_id: 'a-push', outcome: 'accepted' },
  })
  const paths = ['specs/002-till', 'specs/001-shop', 'packages/a/specs/000-old']
  expect(specsOf(answer)).toEqual(paths)
  await api.settled()
  const flows = paths.map((spec_path) => ({
    path: 'f/devgodzilla/spec_to_tasks',
    project_id: project.id,
    spec_path,
  }))
  // Each spec has a queue of its own, so their order is open.
  expect(windmill.started).toHaveLength(flows.length)
  expect(windmill.started.map(({ path, args }) => ({ path, ...args }))).toEqual(
    expect.arrayContaining(flows),
  )

  const again = await github('push', push, { id: 'a-push' })
  expect(again).toEqual({ ...answer, status: 200 })
  await api.settled()
  expect(windmill.started).toHaveLength(3)
})

test('a renamed folder counts by both its names, wherever specs may be', async () => {
  const push = pushOf(
    touching(
      // This is how GitHub tells of a rename.
      { removed: ['packages/a/specs/001-a/tasks.md'], added: ['packages/b/specs/001-a/tasks.md'] },
      { added: ['.specify/specs/002-b/tasks.md', 'specs/main/tasks.md'] },
      { modified: ['specs/tasks.md', 'specs/001-shop/old-tasks.md', 'myspecs/003-c/tasks.md'] },
    ),
  )
  expect(specsOf(await github('push', push))).toEqual([
    ...['packages/b/specs/001-a', 'packages/a/specs/001-a'],
    ...['.specify/specs/002-b', 'specs/main', 'specs'],
  ])
})

test('a spec elsewhere counts once it is known', async () => {
  const push = pushOf(touching({ modified: ['features/shop/tasks.md'] }))
  expect((await github('push', push)).body.outcome).toBe('ignored')
  await api.post('/specs', { project_id: project.id, path: 'features/shop' })
  expect(specsOf(await github('push', push))).toEqual(['features/shop'])
})

test('a spec.md or plan.md counts beside tasks that were read', async () => {
  const { body } = await api.post('/specs', { project_id: project.id, path: 'specs/009-tea' })
  const push = pushOf(touching({ modified: ['specs/009-tea/plan.md', 'specs/010-x/spec.md'] }))
  expect((await github('push', push)).body.outcome).toBe('ignored')
  await api.post(`/specs/${body.id}/actions/import-tasks`, { content: '- [ ] T001 Brew\n' })
  expect(specsOf(await github('push', push))).toEqual(['specs/009-tea'])
})

test.each([
  ['was forced', { forced: true }],
  ['made the branch', { created: true }],
  ['lists no commits', { commits: [] }],
  [
    'lists as many commits as GitHub lists at most',
    touching(...Array.from({ length: 2048 }, () => ({}))),
  ],
  [
    'lists so many files that GitHub may have cut them',
    touching({ added: Array.from({ length: 3000 }, (_, n) => `src/${n}.ts`) }),
  ],
])('a push that %s has every known spec read again', async (_what, fields) => {
  expect(specsOf(await github('push', pushOf(fields)))).toContain('features/shop')
})

test('every spelling of the repository is the same repository', async () => {
  for (const spelling of [
    'https://github.com/team/shop',
    'https://github.com/team/shop.git/',
    'ssh://git@github.com/team/shop.git',
    'ssh://git@ssh.github.com:443/team/shop.git',
    'git@github.com:team/shop',
  ]) {
    await api.patch(`/projects/${project.id}`, { repo_url: spelling })
    expect((await github('push', pushOf())).status, spelling).toBe(202)
  }
  for (const other of [
    'https://github.com/team/shop-old',
    'https://github.com/a-team/shop',
    'https://gitlab.com/team/shop',
  ]) {
    await api.patch(`/projects/${project.id}`, { repo_url: other })
    expect(await github('push', pushOf()), other).toMatchObject({
      status: 200,
      body: { outcome: 'ignored', detail: expect.stringContaining('repo_url') },
    })
  }
  await api.patch(`/projects/${project.id}`, { repo_url })
})

test('projects that share a repository each read their own branch', async () => {
  const next = await api.project({ slug: 'shop-next', repo_url, default_branch: 'next' })
  const answer = await github('push', pushOf({ ref: 'refs/heads/next' }))
  expect(answer.body.specs).toMatchObject([{ project: 'shop-next', spec_path: 'specs/001-shop' }])
  await api.patch(`/projects/${next.id}`, { default_branch: 'main' })
  const both = await github('push', pushOf())
  expect(both.body.specs.map((it: Json) => it.project)).toEqual(['shop', 'shop-next'])
  await api.patch(`/projects/${next.id}`, { settings: { sprint_integration: false } })
  const one = await github('push', pushOf())
  expect(one.body.specs.map((it: Json) => it.project)).toEqual(['shop'])
})

test.each<[string, string, object, RegExp]>([
  ['a ping', 'ping', { zen: 'Design for failure.' }, /set up/],
  ['another event', 'issues', { action: 'opened' }, /"issues".*push/],
  ['a push to another branch', 'push', pushOf({ ref: 'refs/heads/topic' }), /default branch/],
  ['a tag', 'push', pushOf({ ref: 'refs/tags/main' }), /default branch/],
  ['the end of a branch', 'push', pushOf({ deleted: true, forced: true }), /default branch/],
  ['a push of other files', 'push', pushOf(touching({ modified: ['a.ts'] })), /no tasks\.md/],
])(
  '%s is answered with why nothing is done, and leaves nothing',
  async (_what, event, body, why) => {
    const answer = await github(event, body, { id: 'ignored' })
    expect(answer).toMatchObject({
      status: 200,
      body: { outcome: 'ignored', specs: [], detail: expect.stringMatching(why) },
    })
    expect(await sql`select from webhook_deliveries where delivery_id = 'ignored'`).toHaveLength(0)
  },
)

test.each<[string, number, string, unknown, Parameters<typeof github>[2]]>([
  ['a wrong secret', 401, 'webhook_signature', pushOf(), { secret: 'another secret' }],
  [
    'no signature',
    401,
    'webhook_signature',
    pushOf(),
    { headers: { 'X-Hub-Signature-256': undefined } },
  ],
  [
    'the old signature alone',
    401,
    'webhook_signature',
    pushOf(),
    { headers: { 'X-Hub-Signature-256': undefined, 'X-Hub-Signature': 'sha1=0' } },
  ],
  ['no delivery id', 422, 'delivery_id', pushOf(), { headers: { 'X-GitHub-Delivery': undefined } }],
  [
    'a form instead of JSON',
    400,
    'json',
    'payload=%7B%7D',
    { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
  ],
  ['half a body', 400, 'json', '{"ref":', {}],
  ['a push without its repository', 422, 'schema', { ref: 'refs/heads/main', commits: [] }, {}],
])('%s is refused with %i and changes nothing', async (_what, status, rule, body, options) => {
  const id = randomUUID()
  const answer = await github('push', body, { id, ...options })
  expect(answer).toMatchObject({ status, body: { rule } })
  expect(await sql`select from webhook_deliveries where delivery_id = ${id}`).toHaveLength(0)
})

test('a push may be larger than a notice of ours, and more than 5 MB is refused', async () => {
  const padded = (bytes: number) => pushOf({ padding: 'x'.repeat(bytes) })
  expect((await github('push', padded(2 ** 21))).status).toBe(202)
  expect(await github('push', padded(5 * 2 ** 20))).toMatchObject({
    status: 413,
    body: { rule: 'body_size' },
  })
})
