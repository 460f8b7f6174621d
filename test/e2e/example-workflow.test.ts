import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { pushOf, senderTo } from '../api/http/webhooks/support/sender.ts'
import { git, repositoryWith, writeFiles } from '../f/support/git-repositories.ts'
import { remoteWith } from '../f/support/git-server.ts'
import type { Json, RequestOptions } from '../support/api.ts'
import {
  buildProduct,
  dataFolder,
  expectPromisesKept,
  type Product,
  reconciling,
  startProduct,
} from '../support/product.ts'
import { type Watcher, watchSocket, watchStream } from './live.ts'

const folder = await dataFolder()
let product: Product
beforeAll(async () => {
  await buildProduct()
  product = await startProduct({ dataDir: folder.dataDir })
}, 60_000)
afterEach(() => expectPromisesKept(product.sql))
afterAll(async () => {
  await product?.stop()
  await folder.remove()
})

const feature = 'specs/001-birdhouse'
/** Mixed line ends, a no-break space and no final newline: whatever is no mark must stay. */
const tasksMd = [
  '# Tasks: Birdhouse\r\n\r\n## Phase 1: Setup\n\n',
  '- [x] T001 Choose the wood\n',
  '- [ ] T002 [P] Buy nails in shop/list.md\r\n',
  '\n## Phase 2: User Story 1\u00a0- A roof (Priority: P1)\n\n',
  '- [ ] T003 [US1] Saw the boards (depends on T001, T002)  \n',
  '  - keep the offcuts [ ] for the perch\n',
  '* [ ] T004 [US1] Nail the roof on\n',
  '- [ ] T005 Paint it\n\n```\n- [ ] T006 no task: it stands in a fence\n```\n',
  '- [ ] T007 Hang it up',
].join('')
const files = {
  [`${feature}/spec.md`]: '# Birdhouse\n\nA bird finds a home.\n',
  [`${feature}/plan.md`]: '# Plan\n\nWood and nails.\n',
  [`${feature}/tasks.md`]: tasksMd,
  'specs/002-bath/spec.md': '# Bath\n',
  'specs/002-bath/plan.md': '# Plan\n',
  'specs/002-bath/tasks.md': '# Tasks\n\n- [ ] T001 Dig\n- [ ] T002 Fill\n',
}

/** The file with these boxes ticked, and nothing else changed. */
const ticked = (text: string, ...ids: string[]) =>
  ids.reduce((now, id) => now.replace(`[ ] ${id}`, `[x] ${id}`), text)

interface Place {
  project: object
  /** The file's bytes as they are in the project now. */
  read(): Promise<string>
  /** Edits the file as an agent or a colleague does. */
  edit(change: (text: string) => string): Promise<void>
  commits(): Promise<number>
}

async function workingTree(): Promise<Place> {
  const root = await repositoryWith(files)
  const path = join(root, feature, 'tasks.md')
  const read = () => readFile(path, 'utf8')
  return {
    project: { local_path: root },
    read,
    edit: async (change) => writeFiles(root, { [`${feature}/tasks.md`]: change(await read()) }),
    commits: async () => Number(await git(root, 'rev-list', '--count', 'main')),
  }
}

async function remote(): Promise<Place> {
  const { url, bare } = await remoteWith(files)
  const colleague = await repositoryWith({})
  const pull = async () => {
    await git(colleague, 'fetch', '--quiet', bare, 'main')
    await git(colleague, '-c', 'core.autocrlf=false', 'reset', '--quiet', '--hard', 'FETCH_HEAD')
    return readFile(join(colleague, feature, 'tasks.md'), 'utf8')
  }
  return {
    project: { repo_url: url },
    read: pull,
    async edit(change) {
      await writeFiles(colleague, { [`${feature}/tasks.md`]: change(await pull()) })
      await git(colleague, 'commit', '--quiet', '--all', '-m', 'Work of an agent')
      await git(colleague, 'push', '--quiet', bare, 'HEAD:main')
    },
    commits: async () => Number(await git(bare, 'rev-list', '--count', 'main')),
  }
}

async function ok(method: string, path: string, body?: object): Promise<Json> {
  const answer = await product.api(method, path, body)
  expect(answer, `${method} ${path}`).toMatchObject({ status: expect.toSatisfy(isSuccess) })
  return answer.body
}
const isSuccess = (status: number) => status === 200 || status === 201

/** The webhook-style call of the seed: by path, Bearer token, waiting for the result. */
async function runFlow(name: string, args: object): Promise<Json> {
  const path = `/jobs/run_wait_result/f/f/devgodzilla/${name}`
  const { status, body } = await product.windmill('POST', path, args)
  expect({ status, body }).toMatchObject({ status: 200 })
  return body
}

/** Asks again until it holds; two seconds is what the seed allows. */
async function within2s<T>(ask: () => Promise<T>, expected: (answer: T) => void): Promise<void> {
  await expect.poll(ask, { timeout: 2000, interval: 10 }).toSatisfy((answer: T) => {
    expected(answer)
    return true
  })
}

const boardOf = async (sprint: number): Promise<Json[]> =>
  (await ok('GET', `/sprints/${sprint}/tasks?archived=true`)).items

/** What has a tasks.md read into the sprint of its spec. */
const starts = {
  async 'a call'(_project: Json, sprint: Json) {
    const args = { sprint_id: sprint.id, spec_path: feature }
    expect(await runFlow('sync_tasks_to_sprint', args)).toMatchObject({
      ...{ sprint_id: sprint.id, recognised: 6, created: 6 },
    })
  },
  async 'a push'({ repo_url }: Json) {
    const secret = await readFile(join(folder.dataDir, 'secrets', 'webhook-secret'), 'utf8')
    const post = async (path: string, body: unknown, options?: RequestOptions) => {
      const headers = options?.headers ?? {}
      const answer = await fetch(product.url + path, {
        method: 'POST',
        headers,
        body: String(body),
      })
      return { status: answer.status, body: await answer.json() }
    }
    const push = pushOf({
      commits: [{ added: [`${feature}/tasks.md`], removed: [], modified: [] }],
      repository: { clone_url: repo_url, ssh_url: repo_url, html_url: repo_url },
    })
    const hook = await senderTo({ post }).github('push', push, { secret: secret.trim() })
    expect(hook).toMatchObject({ status: 202, body: { specs: [{ spec_path: feature }] } })
  },
  async 'the schedule'() {
    await product.windmill('POST', reconciling, { enabled: true })
    const due = new Date(Date.now() - 1000)
    await product.sql`update windmill.schedules set next_at = ${due}`
    // Turned on once more, the engine looks.
    await product.windmill('POST', reconciling, { enabled: true })
    await product.windmill('POST', reconciling, { enabled: false })
  },
}

describe.each([
  { where: 'a working tree', start: 'a call', open: workingTree, slug: 'tree', tickCommits: 0 },
  { where: 'a remote', start: 'a push', open: remote, slug: 'remote', tickCommits: 1 },
  { where: 'a tree', start: 'the schedule', open: workingTree, slug: 'scheduled', tickCommits: 0 },
] as const)(
  'the example workflow in $where, begun by $start',
  ({ start, open, slug, tickCommits }) => {
    it('goes from tasks.md to a live sprint and back to its ticks', async () => {
      const place = await open()
      const project = await ok('POST', '/projects', { slug, name: slug, ...place.project })
      const spec = await ok('POST', '/specs', { project_id: project.id, path: feature })
      const sprint = await ok('POST', '/sprints', {
        ...{ project_id: project.id, name: 'Build it', spec_id: spec.id },
      })

      // 1–4: tasks.md becomes tasks, by something from outside; again, nothing changes.
      await starts[start](project, sprint)
      await expect.poll(async () => (await boardOf(sprint.id)).length, { timeout: 30_000 }).toBe(6)
      const args = { sprint_id: sprint.id, spec_path: feature }
      expect(await runFlow('sync_tasks_to_sprint', args)).toMatchObject({
        created: 0,
        unchanged: 6,
      })
      const imported = new Map((await boardOf(sprint.id)).map((task) => [task.external_id, task]))
      expect([...imported.keys()]).toEqual(['T001', 'T002', 'T003', 'T004', 'T005', 'T007'])
      expect(imported.get('T001').board_status).toBe('done')
      await ok('POST', `/sprints/${sprint.id}/actions/start`)

      // 5–7: a protocol run of that spec; its sprint and cards come by themselves.
      const run = await ok('POST', '/protocols', {
        project_id: project.id,
        spec_id: spec.id,
        protocol_name: 'Birdhouse',
        steps: [
          { step_name: 'setup', step_type: 'setup' },
          { step_name: 'build', step_type: 'implementation', depends_on: ['setup'] },
          { step_name: 'check', step_type: 'testing', depends_on: ['build'], qa_required: true },
          { step_name: 'write up', step_type: 'documentation', depends_on: ['build'] },
          { step_name: 'hang', step_type: 'deployment', depends_on: ['check', 'write up'] },
          { step_name: 'party', story_points: 8, depends_on: ['hang'] },
        ],
      })
      const own = await expect
        .poll(() => product.api('GET', `/protocols/${run.id}/sprint`), { timeout: 30_000 })
        .toMatchObject({ status: 200 })
        .then(() => ok('GET', `/protocols/${run.id}/sprint`))
      await expect.poll(async () => (await boardOf(own.id)).length, { timeout: 30_000 }).toBe(6)
      const again = await runFlow('sprint_from_protocol', { protocol_id: run.id })
      expect(again).toMatchObject({ id: own.id, code: own.code })
      await ok('POST', `/sprints/${own.id}/actions/start`)

      // 8: the board, and who watches it live.
      const watchers: Watcher[] = [
        await watchSocket(product.url, product.token, `sprint:${own.id}`),
        await watchStream(product.url, product.token, `sprint_id=${own.id}`),
      ]
      const { items: steps } = await ok('GET', `/protocols/${run.id}/steps`)
      const step = (name: string): Json => steps.find((it: Json) => it.step_name === name)
      const card = async (name: string) =>
        (await boardOf(own.id)).find((task) => task.step_run_id === step(name).id)

      // 9–11: steps move; cards, velocity and watchers follow within two seconds.
      let nth = 0
      async function act(name: string, action: string, column: string, points: number, body = {}) {
        const after = await ok('POST', `/steps/${step(name).id}/actions/${action}`, body)
        const { linked_task_id } = after
        nth += 1
        await within2s(
          () => card(name),
          (task) => expect(task).toMatchObject({ id: linked_task_id, board_status: column }),
        )
        await within2s(
          () => ok('GET', `/sprints/${own.id}/velocity`),
          (velocity) => expect(velocity.velocity_actual).toBe(points),
        )
        await within2s(
          () => ok('GET', `/sprints/${own.id}`),
          (kept) => expect(kept.velocity_actual).toBe(points),
        )
        for (const watcher of watchers) {
          const told = await watcher.sees(
            (event) =>
              event.type === 'task.status_changed' &&
              event.entity_id === linked_task_id &&
              (event.payload as Json).to === column &&
              watcher.events.filter(
                (it) => it.type.startsWith('step.') && it.type !== 'step.artifact_added',
              ).length >= nth,
          )
          expect(told.sprint_id).toBe(own.id)
        }
      }
      const early = await product.api('POST', `/steps/${step('build').id}/actions/start`, {})
      expect(early).toMatchObject({ status: 409, body: { rule: 'dependencies_met' } })
      await act('setup', 'start', 'in_progress', 0)
      await act('setup', 'complete', 'done', 1)
      await act('build', 'start', 'in_progress', 1, { agent: 'carpenter' })
      await act('build', 'fail', 'blocked', 1, { reason: 'The saw is blunt.' })
      expect(await card('build')).toMatchObject({ blocked_reason: 'The saw is blunt.' })
      await act('build', 'retry', 'todo', 1)
      await act('build', 'start', 'in_progress', 1)
      for (const name of ['roof.txt', 'walls.txt']) {
        await ok('POST', `/steps/${step('build').id}/artifacts`, { name, content: 'wood' })
      }
      await act('build', 'complete', 'done', 6, { tokens: 1200 })
      await act('check', 'start', 'in_progress', 6)
      await act('check', 'complete', 'review', 6)
      await act('check', 'complete', 'done', 9)
      await act('write up', 'skip', 'done', 9)
      await act('hang', 'start', 'in_progress', 9)
      await act('hang', 'timeout', 'blocked', 9)
      expect(await ok('GET', `/sprints/${own.id}/velocity`)).toEqual({
        sprint_id: own.id,
        velocity_actual: 9,
        total_points: 20,
        completed_points: 9,
        completion_rate: 9 / 20,
      })
      for (const watcher of watchers) {
        await watcher.sees(({ type, payload }) => {
          return type === 'sprint.velocity_updated' && (payload as Json).velocity_actual === 9
        })
        const ids = watcher.events.map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        watcher.close()
      }

      // 12: the finished sprint shows what was produced.
      const closed = await runFlow('complete_sprint', { sprint_id: own.id })
      expect(closed).toMatchObject({
        sprint: { id: own.id, status: 'completed', velocity_actual: 9 },
        report: { completed_points: 9, carried_over_points: 11 },
      })
      const build = (await boardOf(own.id)).find((task) => task.step_run_id === step('build').id)
      expect((await ok('GET', `/tasks/${build.id}/artifacts`)).items).toMatchObject([
        { name: 'roof.txt', attempt: 2 },
        { name: 'walls.txt', attempt: 2 },
      ])
      const late = await product.api('PATCH', `/tasks/${build.id}`, { title: 'Another' })
      expect(late.status, 'an admin who gives no reason is refused as well').toBe(409)

      // The other sprint: done by hand, by an agent in the file, and not done; then the ticks.
      const before = await place.commits()
      for (const id of ['T003', 'T005']) {
        await ok('PATCH', `/tasks/${imported.get(id).id}`, { board_status: 'done' })
      }
      await ok('PATCH', `/tasks/${imported.get('T002').id}`, { board_status: 'in_progress' })
      expect(await place.read()).toBe(tasksMd)
      await place.edit((text) => ticked(text, 'T007'))
      const agents = (await place.commits()) - before
      const done = await runFlow('complete_sprint', { sprint_id: sprint.id })
      expect(done).toMatchObject({
        sprint: { id: sprint.id, status: 'completed', velocity_actual: 9 },
        files: [{ spec_path: `${feature}/tasks.md`, changed: ['T003', 'T005'] }],
      })
      expect(await place.read()).toBe(ticked(tasksMd, 'T003', 'T005', 'T007'))
      expect(await place.commits()).toBe(before + agents + tickCommits)

      expect(await runFlow('complete_sprint', { sprint_id: sprint.id })).toEqual(done)
      expect(await place.read()).toBe(ticked(tasksMd, 'T003', 'T005', 'T007'))
      expect(await place.commits()).toBe(before + agents + tickCommits)

      // spec_to_tasks: without a sprint into the backlog, with one into that.
      const bath = { project_id: project.id, spec_path: 'specs/002-bath' }
      // The schedule has found that folder as well.
      const created = start === 'the schedule' ? 0 : 2
      expect(await runFlow('spec_to_tasks', bath)).toMatchObject({ created, sprint_id: null })
      const next = await ok('POST', '/sprints', { project_id: project.id, name: 'Next' })
      expect(await runFlow('spec_to_tasks', { ...bath, sprint_id: next.id })).toMatchObject({
        created: 0,
        moved: 2,
        sprint_id: next.id,
      })
      expect((await boardOf(next.id)).map((task) => task.title)).toEqual(['Dig', 'Fill'])
    }, 60_000)
  },
)
