import { git, repositoryWith } from '../../f/support/git-repositories.ts'
import { remoteWith } from '../../f/support/git-server.ts'
import type { Json, TestApi } from '../../support/api.ts'

/** A flow, ready to be run once, and what may be seen of its work afterwards. */
export interface Story {
  project_id: number
  args: object
  /** It looks at every project, so that no other may be under way. */
  alone?: boolean
  /** All that must come out the same however often the flow was interrupted; without ids and times. */
  outcome(): Promise<object>
}

export type Tell = (api: TestApi, slug: string) => Promise<Story>

const folder = 'specs/001-shop'
const file = `${folder}/tasks.md`
const tasksMd =
  '# Tasks\n\n- [ ] T001 Lay the table\n- [x] T002 Set the chairs\n- [ ] T003 Serve (depends on T001)\n'
const documents = {
  [`${folder}/spec.md`]: '# Shop\n',
  [`${folder}/plan.md`]: '# Plan\n',
  [file]: tasksMd,
}

export const stories = {
  sprint_from_protocol: async (api, slug) => {
    const project = await projectOf(api, slug, {
      local_path: await repositoryWith({ 'README.md': '' }),
    })
    const run = await made(api, '/protocols', {
      project_id: project.id,
      protocol_name: 'Shop',
      steps: [{ step_name: 'Build' }, { step_name: 'Test', depends_on: ['Build'] }],
    })
    return {
      project_id: project.id,
      args: { protocol_id: run.id, sprint_name: 'From the run' },
      outcome: () => boardOf(api, project.id),
    }
  },

  sync_tasks_to_sprint: async (api, slug) => {
    const project = await projectOf(api, slug, { local_path: await repositoryWith(documents) })
    const sprint = await made(api, '/sprints', { project_id: project.id, name: 'First' })
    return {
      project_id: project.id,
      args: { sprint_id: sprint.id, spec_path: folder },
      outcome: () => boardOf(api, project.id),
    }
  },

  complete_sprint: async (api, slug) => {
    const remote = await remoteWith(documents)
    const project = await projectOf(api, slug, { repo_url: remote.url })
    const sprint = await made(api, '/sprints', { project_id: project.id, name: 'First' })
    await made(api, '/sprints', { project_id: project.id, name: 'Next' })
    await made(api, `/sprints/${sprint.id}/actions/import-tasks`, {
      spec_path: folder,
      content: tasksMd,
    })
    const { items } = (await api.get(`/sprints/${sprint.id}/tasks`)).body
    const [first] = items.filter((task: Json) => task.title.startsWith('Lay'))
    await api.patch(`/tasks/${first.id}`, { board_status: 'done' })
    return {
      project_id: project.id,
      args: { sprint_id: sprint.id, carry_over_to: 'next' },
      outcome: async () => ({
        ...(await boardOf(api, project.id)),
        commits: await git(remote.bare, 'log', '--format=%an', 'main'),
        files: await git(remote.bare, 'grep', '-h', 'T00', 'main'),
      }),
    }
  },

  spec_to_tasks: async (api, slug) => {
    const local_path = await repositoryWith({ 'README.md': '' })
    const project = await projectOf(api, slug, { local_path })
    const sprint = await made(api, '/sprints', { project_id: project.id, name: 'First' })
    const feature_request = 'Sell tea. Take cards.'
    return {
      project_id: project.id,
      args: { project_id: project.id, feature_request, sprint_id: sprint.id },
      outcome: async () => ({
        ...(await boardOf(api, project.id)),
        files: await git(local_path, 'status', '--porcelain', '-uall'),
        planned: await runsOf(api, project.id),
      }),
    }
  },

  execute_protocol: async (api, slug) => {
    const project = await projectOf(api, slug, {
      local_path: await repositoryWith({ 'README.md': '' }),
    })
    const run = await made(api, '/protocols', {
      project_id: project.id,
      protocol_name: 'Shop',
      steps: [{ step_name: 'Build' }],
    })
    return {
      project_id: project.id,
      args: { protocol_id: run.id },
      outcome: () => boardOf(api, project.id),
    }
  },

  reconcile_specs: async (api, slug) => {
    const local_path = await repositoryWith(documents)
    const project = await projectOf(api, slug, { local_path })
    await made(api, '/specs', { project_id: project.id, path: folder })
    return {
      project_id: project.id,
      args: {},
      alone: true,
      outcome: () => boardOf(api, project.id),
    }
  },

  speckit_hook: async (api, slug) => {
    const project = await projectOf(api, slug, { local_path: await repositoryWith(documents) })
    return {
      project_id: project.id,
      args: { project: slug, spec_path: folder },
      outcome: () => boardOf(api, project.id),
    }
  },
} satisfies Record<string, Tell>

async function made(api: TestApi, path: string, body: object): Promise<Json> {
  const answer = await api.post(path, body)
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

const projectOf = (api: TestApi, slug: string, place: object) =>
  made(api, '/projects', { slug, name: 'Shop', ...place, settings: { auto_create_sprint: false } })

/** A project's board and its story: what happened, and how often. */
async function boardOf(api: TestApi, project_id: number) {
  const all = async (path: string): Promise<Json[]> =>
    (await api.get(`${path}?project_id=${project_id}&limit=1000`)).body.items
  const [sprints, tasks, specs, runs, events] = await Promise.all(
    ['/sprints', '/tasks', '/specs', '/protocols', '/events'].map(all),
  )
  const sprintName = new Map(sprints?.map(({ id, name }) => [id, name]))
  const happened: Record<string, number> = {}
  for (const { type } of events ?? []) {
    // How many changes one reckoning takes in is a matter of the moment; its result is in the sprint.
    if (type !== 'sprint.velocity_updated') happened[type] = (happened[type] ?? 0) + 1
  }
  return {
    sprints: sprints
      ?.map((it) =>
        pick(it, ['name', 'status', 'committed_points', 'velocity_planned', 'velocity_actual']),
      )
      .sort(byText),
    tasks: tasks
      ?.map((task) => ({
        ...pick(task, [
          'title',
          'board_status',
          'story_points',
          'priority',
          'external_id',
          'labels',
        ]),
        sprint: sprintName.get(task.sprint_id) ?? null,
        linked: task.step_run_id !== null,
      }))
      .sort(byText),
    specs: specs?.map((it) => pick(it, ['path', 'status', 'content_hash'])).sort(byText),
    runs: runs?.map((it) => pick(it, ['name', 'kind', 'status'])).sort(byText),
    happened,
  }
}

const pick = (row: Json, names: string[]) =>
  Object.fromEntries(names.map((name) => [name, row[name]]))
const byText = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

/** The runs of a project, each with what its steps came to and left behind. */
async function runsOf(api: TestApi, projectId: number): Promise<object[]> {
  const items = async (path: string) => (await api.get(path)).body.items
  const runs: Json[] = await items(`/protocols?project_id=${projectId}`)
  return Promise.all(
    runs.map(async ({ id, kind, status }) => {
      const steps: Json[] = await items(`/protocols/${id}/steps`)
      const left = steps.map(async ({ id, step_name, status, attempt }) => {
        const artifacts: Json[] = await items(`/steps/${id}/artifacts`)
        return { step_name, status, attempt, artifacts: artifacts.map(({ name }) => name) }
      })
      return { kind, status, steps: await Promise.all(left) }
    }),
  )
}
