import { beforeEach, expect, test } from 'vitest'
import { eventually, type Json } from '../../support/api.ts'
import { pushOf, senderTo } from '../http/webhooks/support/sender.ts'
import { fakeWindmill } from '../http/webhooks/support/windmill.ts'
import { checkedApi } from '../support/checked-api.ts'

const windmill = await fakeWindmill()
const api = await checkedApi({ windmillUrl: windmill.url })
const { sql } = api.database
const { github, ours } = senderTo(api)
const repo_url = 'git@github.com:team/shop.git'
const project = await api.project({ slug: 'shop', repo_url, settings: { delegation: 'two_way' } })
const path = 'f/devgodzilla/sync_delegation'
const syncs = () => windmill.started.filter((it) => it.path === path)

beforeEach(async () => {
  await api.settled()
  windmill.started.length = 0
})

test('changes in a project that keeps files start their sync, and a change while it runs one more', async () => {
  windmill.busy = true
  const sprint = await api.sprint(project.id)
  await eventually(async () => syncs().length, Boolean)
  expect(syncs()).toMatchObject([{ args: { project_id: project.id } }])
  const made = await Promise.all(
    [1, 2, 3].map(() => api.task(project.id, { sprint_id: sprint.id })),
  )
  await api.patch(`/tasks/${made[0]?.id}`, { title: 'Another' })
  // The newest waits for them all.
  const waiting = () => sql`
    select e.type, d.next_try_at > now() as held
    from event_deliveries d join events e on e.id = d.event_id
    where d.handler = 'changes_to_files'`
  const held = (rows: Json[]) =>
    rows.length === 1 && rows[0].type === 'task.updated' && rows[0].held
  expect(await eventually(waiting, held)).toHaveLength(1)
  expect(syncs()).toHaveLength(1)
  windmill.busy = false
  const [running] = syncs()
  windmill.jobs.set(running?.jobId ?? '', { type: 'CompletedJob', success: true })
  await api.settled()
  expect(syncs()).toHaveLength(2)
})

test('a project without files, or without a repository, starts nothing', async () => {
  const off = await api.project({ repo_url })
  const alone = await api.project({ settings: { delegation: 'two_way' } })
  // A row that was there for a moment is one, too.
  await sql`create table heard (project_id bigint)`
  await sql`create function hear() returns trigger language plpgsql as $$ begin
    insert into heard select project_id from events
    where id = new.event_id and new.handler = 'changes_to_files';
    return null; end $$`
  await sql`create trigger hear after insert on event_deliveries
    for each row execute function hear()`
  for (const { id } of [off, alone]) {
    const sprint = await api.sprint(id)
    await api.task(id, { sprint_id: sprint.id })
  }
  await api.settled()
  expect(await sql`select distinct project_id::int from heard`).toEqual([{ project_id: alone.id }])
  await sql`drop trigger hear on event_deliveries`
  expect(syncs()).toEqual([])
  await api.patch(`/projects/${off.id}`, { settings: { delegation: 'read_only' } })
  await api.settled()
  expect(syncs()).toMatchObject([{ args: { project_id: off.id } }])
  await api.patch(`/projects/${off.id}`, { settings: { delegation: 'off' } })
})

test('a push of a document that open tasks refer to has it sent, without files beside the database too', async () => {
  const url = 'git@github.com:team/tea.git'
  const off = await api.project({ repo_url: url })
  const refer = (...reference_docs: unknown[]) => ({
    agent_config: { context: { reference_docs } },
  })
  const sprint = await api.sprint(off.id)
  await api.task(off.id, {
    sprint_id: sprint.id,
    ...refer('./docs/tea.md', 'https://a.example/b.md'),
  })
  await api.task(off.id, { sprint_id: sprint.id, ...refer('docs/tea.md', 'docs/cups.md', 7) })
  await api.task(off.id, { sprint_id: sprint.id, agent_config: { context: 'docs/none.md' } })
  await api.task(off.id, refer('docs/backlog.md'))
  expect((await api.get(`/projects/${off.id}/documents/referred`)).body).toEqual({
    items: ['docs/cups.md', 'docs/tea.md'],
  })
  const touching = (file: string) => ({
    ...pushOf({ commits: [{ added: [], removed: [], modified: [file] }] }),
    repository: { clone_url: url, ssh_url: url, html_url: url },
  })
  await github('push', touching('docs/backlog.md'))
  await api.settled()
  expect(syncs()).toEqual([])
  await github('push', touching('docs/tea.md'))
  await api.settled()
  expect(syncs()).toMatchObject([{ args: { project_id: off.id } }])
  await ours('/webhooks/speckit', { project: off.slug, file: 'docs/cups.md' })
  await api.settled()
  expect(syncs()).toHaveLength(2)
})

test('a push of the files has them read, be the integration on or off', async () => {
  const touching = (file: string) =>
    pushOf({ commits: [{ added: [file], removed: [], modified: [] }] })
  const file = 'delegation/sprints/SHOP-S1/SPRINT.md'
  expect(await github('push', touching(file))).toMatchObject({
    ...{ status: 202, body: { outcome: 'accepted', specs: [] } },
  })
  await api.settled()
  expect(syncs()).toHaveLength(1)
  await api.patch(`/projects/${project.id}`, { settings: { sprint_integration: false } })
  await api.settled()
  windmill.started.length = 0
  const hook = { project: 'shop', file: 'docs/adr/ADR-001-tea.md' }
  expect((await ours('/webhooks/speckit', hook)).status).toBe(202)
  await api.settled()
  expect(syncs()).toHaveLength(1)
  expect(await github('push', touching('delegation.md'))).toMatchObject({
    ...{ status: 200, body: { outcome: 'ignored' } },
  })
  await api.settled()
  expect(syncs()).toHaveLength(1)
})

test('the setting takes its three words alone', async () => {
  const answer = await api.patch(`/projects/${project.id}`, { settings: { delegation: 'both' } })
  expect(answer).toMatchObject({
    ...{ status: 422, body: { detail: expect.stringMatching(/delegation.*read_only/) } },
  })
})
