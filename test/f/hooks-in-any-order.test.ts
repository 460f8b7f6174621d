import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Random, randomOf } from '../../scripts/chaos/random.ts'
import { pushOf, senderTo } from '../api/http/webhooks/support/sender.ts'
import { clientOf, type Json } from '../support/api.ts'
import { testDatabase } from '../support/database.ts'
import { git, repositoryWith, writeFiles } from './support/git-repositories.ts'
import { startInstallation } from './support/installation.ts'

const database = await testDatabase()
let house: Awaited<ReturnType<typeof startInstallation>>
beforeAll(async () => {
  house = await startInstallation(database.url)
})
afterAll(() => house.close())

const folders = [
  'specs/001-shop',
  'packages/till/specs/002-till',
  '.specify/specs/003-yard',
] as const
type Line = { id: string; mark: ' ' | 'x' | '~'; title: string; points: number }
type Spec = Line[]

const textOf = (spec: Spec) =>
  [
    '# Tasks',
    '',
    ...spec.map((it) => `- [${it.mark}] ${it.id} ${it.title} [${it.points}pts]`),
    '',
  ].join('\n')

/** One edit of a file: a tick, a title, points, a task more, a task less, or back as it was. */
function edit(random: Random, spec: Spec, nth: number): Spec {
  const at = random.between(0, spec.length - 1)
  const change = (values: Partial<Line>) =>
    spec.map((line, index) => (index === at ? { ...line, ...values } : line))
  switch (random.between(0, 4)) {
    case 0:
      return change({ title: `Title ${nth}` })
    case 1:
      return change({ points: random.between(1, 13) })
    case 2:
      return [...spec, { id: `T${100 + nth}`, mark: ' ', title: `New ${nth}`, points: 2 }]
    case 3:
      return spec.length > 2 ? spec.filter((_, index) => index !== at) : spec
    default:
      return change({ mark: random.pick([' ', 'x', '~']) })
  }
}

/** A project with a sprint for each spec, so that every card has one place to be. */
async function projectAt(slug: string, local_path: string): Promise<number> {
  const { id } = await house.ask<Json>('POST', '/projects', {
    ...{ slug, name: slug, local_path, repo_url: slug === 'shaken' ? repository : null },
  })
  for (const path of folders) {
    const spec = await house.ask<Json>('POST', '/specs', { project_id: id, path })
    await house.ask('POST', '/sprints', { project_id: id, name: path, spec_id: spec.id })
  }
  return id
}
const repository = pushOf().repository.html_url

/** What the board shows, without what tells two projects, or two times, apart. */
async function boardOf(project: number): Promise<Json[]> {
  const list = async (path: string) => (await house.ask<Json>('GET', path)).items as Json[]
  const [tasks, sprints, specs] = await Promise.all([
    list(`/tasks?project_id=${project}&limit=1000`),
    list(`/sprints?project_id=${project}`),
    list(`/specs?project_id=${project}`),
  ])
  const named = (items: Json[], id: number) => items.find((it) => it.id === id)
  return tasks
    .filter((it) => it.board_status !== 'archived')
    .map((it) => ({
      spec: named(specs, it.spec_id)?.path,
      sprint: named(sprints, it.sprint_id)?.name,
      ...{ id: it.external_id, occurrence: it.occurrence, title: it.title, type: it.type },
      ...{ status: it.board_status, points: it.story_points, priority: it.priority },
      ...{ labels: it.labels, assignee: it.assignee, description: it.description },
    }))
    .sort((a, b) => `${a.spec} ${a.id}`.localeCompare(`${b.spec} ${b.id}`))
}

/** Until no hook waits any more and every reading they started has ended. */
async function quiet(): Promise<void> {
  for (;;) {
    const [left] = await database.sql`
      select (select count(*) from event_deliveries)::int as deliveries,
        (select count(*) from windmill.jobs where completed_at is null)::int as jobs`
    if (left?.deliveries === 0 && left.jobs === 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Until a flow has read a spec and not imported it yet, or none reads it. */
async function midReading(folder: string): Promise<void> {
  for (;;) {
    const [found] = await database.sql`
      select count(s.id)::int as read, count(*)::int as jobs
      from spec_reads r join windmill.jobs j on j.id = r.job_id and j.completed_at is null
      left join windmill.steps s
        on s.job_id = j.id and s.module_id = 'tasks' and s.state = 'done'
      where r.spec_path = ${folder}`
    const [left] = await database.sql`select count(*)::int as waiting from event_deliveries`
    if (found?.read > 0 || (found?.jobs === 0 && left?.waiting === 0)) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const random = randomOf(20261121)
const specs = new Map<string, Spec>(
  folders.map((folder) => [
    folder,
    Array.from({ length: 6 }, (_, n) => ({
      ...{ id: `T00${n + 1}`, mark: ' ' as const, title: `Task ${n + 1}`, points: 3 },
    })),
  ]),
)
const files = () =>
  Object.fromEntries([...specs].map(([folder, spec]) => [`${folder}/tasks.md`, textOf(spec)]))

async function editAndCommit(root: string, folder: string, nth: number): Promise<void> {
  specs.set(folder, edit(random, specs.get(folder) ?? [], nth))
  await writeFiles(root, files())
  await git(root, 'commit', '--quiet', '--all', '--allow-empty', '-m', 'Edit')
}

it('a hundred hooks, shuffled, repeated and lost, make the board of one; where the last are lost, the schedule does', async () => {
  const root = await repositoryWith(files())
  const project = await projectAt('shaken', root)
  const send = senderTo(clientOf(house.url, '', database))
  const hookFor = (folder: string, nth: number): (() => Promise<Json>) => {
    const id = `msg_${nth}`
    if (random.chance(0.5)) {
      const commits = [{ added: [], removed: [], modified: [`${folder}/tasks.md`] }]
      return () => send.github('push', pushOf({ commits }), { id })
    }
    return () => send.ours('/webhooks/speckit', { project: 'shaken', spec_path: folder }, { id })
  }

  const waiting: (() => Promise<Json>)[] = []
  const answers: Promise<Json>[] = []
  const sendAny = () => {
    const [hook] = waiting.splice(random.between(0, waiting.length - 1), 1)
    if (hook) answers.push(hook())
  }
  for (let nth = 1; answers.length + waiting.length < 100; nth += 1) {
    const folder = random.pick(folders)
    // Several hooks tell of one commit, and of some commits none does.
    if (nth % 5 === 0) await editAndCommit(root, folder, nth)
    if (random.chance(0.2)) continue
    const hook = hookFor(folder, nth)
    waiting.push(hook)
    if (random.chance(0.3)) waiting.push(hook)
    if (random.chance(0.6)) sendAny()
  }
  while (waiting.length > 0) sendAny()
  // The last commit of two specs has one hook, which comes when the file has just been read; that
  // of the third has none.
  const [lost, ...told] = folders
  for (const [nth, folder] of told.entries()) {
    if (nth === 0) await midReading(folder)
    await editAndCommit(root, folder, 1000 + nth)
    answers.push(hookFor(folder, 1000 + nth)())
  }
  for (const { status } of await Promise.all(answers)) expect([200, 202]).toContain(status)
  await quiet()
  await editAndCommit(root, lost, 2000)
  // What the hooks told of, the schedule finds as it should be.
  expect(await house.runFlow('reconcile_specs', {})).toMatchObject({
    ...{ status: 200, result: { looked_at: folders.length, imported: [lost] } },
  })
  const board = await boardOf(project)
  expect(board).toHaveLength([...specs.values()].flat().length)

  const calm = await projectAt('calm', await repositoryWith(files()))
  const read = (spec_path: string) =>
    house.runFlow('spec_to_tasks', { project_id: calm, spec_path })
  for (const { status } of await Promise.all(folders.map(read))) expect(status).toBe(200)
  expect(board).toEqual(await boardOf(calm))
})
