import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { simpleGit } from 'simple-git'
import { call, type Target } from '../cli/client.ts'

export interface SampleOptions {
  apiUrl: string
  /** Where to run the flows; null where a Windmill server was named, which may not have them yet. */
  windmill: { baseUrl: string; token: string; workspace: string } | null
  token: string
  dataDir: string
  log: Logger
}

interface Created {
  id: number
  code: string
}

const spec = 'specs/001-trail-journal'

/**
 * On an empty database, makes a project, imports its tasks.md into a sprint and runs part of a
 * protocol, all the way a user would: over HTTP and through the flows. Every call carries its own
 * idempotency key, so a start that was cut short is taken up again where it was.
 *
 * Answers the console's path of the sample's board, null where there was nothing to set up.
 */
export async function setUpSample(options: SampleOptions): Promise<string | null> {
  const { dataDir, log } = options
  const unfinished = join(dataDir, 'sample.unfinished')
  const api: Target = { url: options.apiUrl, token: options.token }
  if (!existsSync(unfinished)) {
    const { items } = (await call(api, { method: 'GET', path: '/projects?limit=1' })) as {
      items: unknown[]
    }
    if (items.length > 0) return null
    await writeFile(`${unfinished}.new`, today())
    await rename(`${unfinished}.new`, unfinished)
  }
  // Taken up on another day it is still the same sprint, or its key would name another request.
  const began = await readFile(unfinished, 'utf8')
  const folder = await sampleRepository(dataDir)
  const post = (key: string, path: string, body: object) =>
    call(api, {
      method: 'POST',
      path,
      body,
      headers: { 'Idempotency-Key': `sample-${key}` },
    }) as Promise<Created>

  const project = await post('project', '/projects', {
    slug: 'sample',
    name: 'Trail Journal (sample)',
    local_path: folder,
  })
  const sprint = await post('sprint', '/sprints', {
    project_id: project.id,
    name: 'Write down a walk',
    goal: 'A hiker can keep a walk without a network.',
    ...twoWeeksFrom(began),
  })
  await importTasks(options, post, sprint)
  await post('start', `/sprints/${sprint.id}/actions/start`, {})
  await runProtocol(post, project)
  await rm(unfinished)
  log.info({ folder }, 'set up the sample project')
  return `/console/projects/sample/sprints/${sprint.code}`
}

/** All of the repository appears with one rename, so that a start cut short leaves no half of it. */
async function sampleRepository(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'sample')
  if (existsSync(folder)) return folder
  const work = `${folder}.new`
  await rm(work, { recursive: true, force: true })
  await mkdir(work)
  await cp(fileURLToPath(new URL('sample-project', import.meta.url)), work, { recursive: true })
  const git = simpleGit(work)
  await git.init(['--initial-branch=main'])
  await git.addConfig('user.name', 'DevGodzilla')
  await git.addConfig('user.email', 'devgodzilla@localhost')
  // Whatever this user has set up for commits of their own, such as signing, is none of the sample's.
  await git
    .add('.')
    .commit('Plan the trail journal', { '--no-gpg-sign': null, '--no-verify': null })
  await rename(work, folder)
  return folder
}

const day = 24 * 60 * 60 * 1000
const dateOf = (moment: number) => new Date(moment).toISOString().slice(0, 10)
const today = () => dateOf(Date.now())

const twoWeeksFrom = (date: string) => ({
  start_date: date,
  end_date: dateOf(Date.parse(date) + 14 * day),
})

type Post = (key: string, path: string, body: object) => Promise<unknown>

async function importTasks({ windmill }: SampleOptions, post: Post, sprint: Created) {
  if (windmill === null) {
    await post('import', `/sprints/${sprint.id}/actions/import-tasks`, { spec_path: spec })
    return
  }
  await call(
    { url: windmill.baseUrl, token: windmill.token },
    {
      method: 'POST',
      path: `/api/w/${windmill.workspace}/jobs/run_wait_result/f/f/devgodzilla/sync_tasks_to_sprint`,
      body: { sprint_id: sprint.id, spec_path: spec },
    },
  )
}

/** A run with one step done, one in work and the rest to come: its sprint follows by itself. */
async function runProtocol(post: Post, project: Created) {
  const { steps } = (await post('protocol', '/protocols', {
    project_id: project.id,
    protocol_name: 'Prepare the release',
    steps: [
      { step_name: 'Set up the release branch', step_type: 'setup' },
      {
        step_name: 'Write the change log',
        step_type: 'documentation',
        depends_on: ['Set up the release branch'],
      },
      {
        step_name: 'Publish the page',
        step_type: 'deployment',
        depends_on: ['Write the change log'],
      },
      {
        step_name: 'Announce the release',
        step_type: 'documentation',
        depends_on: ['Publish the page'],
      },
      {
        step_name: 'Try the page on a phone',
        step_type: 'testing',
        depends_on: ['Publish the page'],
      },
    ],
  })) as { steps: Created[] }
  const [first, second] = steps
  if (!first || !second) throw new Error('the sample protocol has lost its steps')
  await post('step-1-start', `/steps/${first.id}/actions/start`, {})
  await post('step-1-complete', `/steps/${first.id}/actions/complete`, {})
  await post('step-2-start', `/steps/${second.id}/actions/start`, { agent: 'sample-agent' })
}
