import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { main as findChanged } from '../../f/devgodzilla/reconcile/find_changed.ts'
import { main as findOrCreate } from '../../f/devgodzilla/spec/find_or_create.ts'
import { main as importSpec } from '../../f/devgodzilla/spec/import_tasks.ts'
import { main as readSpec } from '../../f/devgodzilla/spec/read_tasks.ts'
import { main as readForSprint } from '../../f/devgodzilla/sprint/read_tasks.ts'
import { testApi } from '../support/api.ts'
import { noGit } from './support/entities.ts'
import { git, repositoryWith, writeFiles } from './support/git-repositories.ts'

const api = await testApi()
const resource = { base_url: api.url, token: api.adminToken }

const filler = Array.from({ length: 12 }, (_, at) => `- [ ] T1${at} Lay plank ${at * 7}\n`).join('')
const tasksMd = `# Tasks\n\n- [ ] T001 Lay the table\n${filler}`
const from = 'specs/001-shop'
const to = 'packages/web/specs/001-shop'
let made = 0

/** A local project with one spec, imported from a commit, and with a card that links to it. */
async function imported(more: Record<string, string> = {}) {
  const local_path = await repositoryWith({ [`${from}/tasks.md`]: tasksMd, ...more })
  made += 1
  const slug = `moved-${made}`
  const { body: project } = await api.post('/projects', { slug, name: slug, local_path })
  const file = await readSpec(resource, noGit, project.id, from)
  const spec = await findOrCreate(resource, project.id, from)
  await importSpec(resource, noGit, spec.id, file?.content ?? '', file?.commit ?? undefined)
  return { local_path, project_id: project.id as number, spec_id: spec.id }
}

async function move(folder: string, source: string, target: string): Promise<void> {
  await writeFiles(folder, { [join(target, '.keep')]: '' })
  await git(folder, 'mv', `${source}/tasks.md`, `${target}/tasks.md`)
}

const commit = async (folder: string) => {
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '-m', 'Move')
}
const specOf = async (id: number) => (await api.get(`/specs/${id}`)).body
const specsOf = async (project_id: number) =>
  (await api.get(`/specs?project_id=${project_id}`)).body.items
const mine = async (project_id: number, gone: object[] = []) => {
  const found = await findChanged(resource, noGit)
  expect(found.gone.filter((it) => it.project_id === project_id)).toEqual(gone)
  return {
    changed: found.changed.filter((it) => it.project_id === project_id),
    moved: found.moved.filter((it) => it.project_id === project_id),
    unreadable: found.unreadable.filter((it) => it.startsWith(`moved-${made}:`)),
  }
}

describe('a spec whose folder moved', () => {
  it('keeps its id, and is named after its new folder', async () => {
    const { local_path, project_id, spec_id } = await imported()
    await move(local_path, from, 'specs/002-store')
    expect(await mine(project_id)).toEqual({
      changed: [],
      moved: [{ project_id, from, to: 'specs/002-store' }],
      unreadable: [],
    })
    expect(await specOf(spec_id)).toMatchObject({ path: 'specs/002-store', name: '002-store' })
    expect(await mine(project_id)).toEqual({ changed: [], moved: [], unreadable: [] })
  })

  it('is followed through an edit on the way, and imported from there', async () => {
    const { local_path, project_id, spec_id } = await imported()
    await move(local_path, from, to)
    await writeFiles(local_path, { [`${to}/tasks.md`]: tasksMd.replace('[ ] T001', '[x] T001') })
    await commit(local_path)
    expect(await mine(project_id)).toMatchObject({
      changed: [{ project_id, spec_path: to }],
      moved: [{ project_id, from, to }],
    })
    expect(await specOf(spec_id)).toMatchObject({ path: to })
  })

  it('is followed through an edit before Git knows of it', async () => {
    const { local_path, project_id, spec_id } = await imported()
    await rm(join(local_path, from), { recursive: true })
    await writeFiles(local_path, { [`${to}/tasks.md`]: tasksMd.replace('[ ] T001', '[x] T001') })
    const before = await git(local_path, 'status', '--porcelain', '-uall')
    expect(await mine(project_id)).toMatchObject({ moved: [{ project_id, from, to }] })
    expect(await specOf(spec_id)).toMatchObject({ path: to })
    expect(await git(local_path, 'status', '--porcelain', '-uall')).toBe(before)
  })

  it('is read where it is now when its sprint is completed', async () => {
    const { local_path, project_id, spec_id } = await imported()
    await move(local_path, from, to)
    const file = await readSpec(resource, noGit, project_id, from)
    expect(file).toMatchObject({ spec_path: `${to}/tasks.md`, content: tasksMd, imports: 1 })
    expect(await specOf(spec_id)).toMatchObject({ path: to })
  })

  it('is the same spec when its new folder is synced first, by whatever told of it', async () => {
    const { local_path, project_id, spec_id } = await imported()
    await move(local_path, from, to)
    const { body: sprint } = await api.post('/sprints', { project_id, name: 'Next' })
    expect(await readForSprint(resource, noGit, sprint.id, to)).toMatchObject({ imports: 1 })
    expect((await findOrCreate(resource, project_id, to)).id).toBe(spec_id)
    expect(await specsOf(project_id)).toHaveLength(1)
  })
})

describe('a spec that may have moved', () => {
  it('to several places is left where it was, and told', async () => {
    const { local_path, project_id, spec_id } = await imported()
    await writeFiles(local_path, { 'specs/002-b/tasks.md': tasksMd })
    await move(local_path, from, 'specs/003-c')
    const { changed, unreadable } = await mine(project_id)
    expect(changed).toEqual([])
    const [told, ...more] = unreadable
    expect(told).toMatch(/001-shop has no tasks.md any more; it may be .*003-c.*PATCH \/specs/)
    expect(told).toContain('specs/002-b')
    expect(more).toEqual([])
    await expect(readSpec(resource, noGit, project_id, from)).rejects.toThrow(/it may be/)
    expect(await specOf(spec_id)).toMatchObject({ path: from })
  })

  it('to one place with another spec is left, and told for both', async () => {
    const other = 'specs/002-yard'
    const { local_path, project_id } = await imported({ [`${other}/tasks.md`]: tasksMd })
    const { id } = await findOrCreate(resource, project_id, other)
    await importSpec(resource, noGit, id, tasksMd)
    await rm(join(local_path, other), { recursive: true })
    await move(local_path, from, 'specs/003-c')
    const { moved, unreadable } = await mine(project_id)
    expect(moved).toEqual([])
    expect(unreadable).toHaveLength(2)
    expect(unreadable[0]).toMatch(/specs\/003-c may be any of specs\/001-shop, specs\/002-yard/)
  })

  it('to a folder that only looks alike has not moved', async () => {
    const { local_path, project_id, spec_id } = await imported()
    await rm(join(local_path, from), { recursive: true })
    const half = tasksMd.split('\n').slice(0, 9).join('\n')
    await writeFiles(local_path, {
      'specs/002-b/tasks.md': `${half}\n- [ ] T900 Other\n`.repeat(2),
    })
    await commit(local_path)
    expect(await mine(project_id, [{ project_id, spec_path: from }])).toEqual({
      changed: [{ project_id, spec_path: 'specs/002-b' }],
      moved: [],
      unreadable: [],
    })
    expect(await readSpec(resource, noGit, project_id, from)).toBeNull()
    expect(await specOf(spec_id)).toMatchObject({ path: from })
  })
})
