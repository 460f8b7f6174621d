import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { simpleGit } from 'simple-git'
import { call, type Target } from '../connect/client.ts'

export interface SampleOptions {
  apiUrl: string
  /** Where to run the flows; null where a Windmill server was named, which may not have them yet. */
  windmill: { baseUrl: string; token: string; workspace: string } | null
  token: string
  /** Off, no tasks can be imported, so there is nothing to show. */
  sprintIntegration: boolean
  dataDir: string
  log: Logger
  /** Tells whoever waits for the start why it takes longer, this once. */
  say: (line: string) => void
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
  if (!options.sprintIntegration) return null
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
  options.say('Setting up a sample project, once: its flows take some seconds …')
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
  await liven(api, post, sprint)
  await disagree(api, post, await runProtocol(post, project))
  await addPastSprints(post, project, began)
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

/** What a team has done with the cards of the file: estimates, people, an agent, one that is stuck. */
async function liven(api: Target, post: Post, sprint: Created) {
  const { items } = (await call(api, {
    method: 'GET',
    path: `/sprints/${sprint.id}/tasks?limit=100`,
  })) as { items: { id: number; external_id: string | null }[] }
  const set = async (external: string, key: string, values: object) => {
    const task = items.find((it) => it.external_id === external)
    if (!task) throw new Error(`the sample's tasks.md has lost ${external}`)
    const changes = { task_ids: [task.id], changes: values }
    await post(`${key}-${external}`, '/tasks/actions/update', changes)
  }
  for (const [external, values] of Object.entries(estimates)) await set(external, 'set', values)
  await post('start', `/sprints/${sprint.id}/actions/start`, {})
  for (const [external, values] of Object.entries(moves)) await set(external, 'move', values)
}

const estimates = {
  T001: { story_points: 2, assignee: 'Maya' },
  T002: { story_points: 1, assignee: 'Jonas' },
  T003: { story_points: 5, assignee: 'Maya' },
  T004: { story_points: 3, assignee: 'sample-agent', labels_add: ['import'] },
  T005: { story_points: 3, labels_add: ['import'] },
  T006: { story_points: 3, assignee: 'Jonas' },
  T007: { story_points: 2, assignee: 'Jonas', labels_add: ['photos'] },
  T008: { story_points: 5, priority: 'high' },
  T009: { story_points: 3, assignee: 'sample-agent', labels_add: ['map'] },
  T010: { story_points: 5, labels_add: ['map'] },
  T011: { story_points: 2, assignee: 'Maya' },
  T012: { story_points: 1 },
}

const moves = {
  T004: { board_status: 'done' },
  T006: { board_status: 'in_progress' },
  T007: { board_status: 'blocked', blocked_reason: 'Which formats do phones send? Jonas asks.' },
  T009: { board_status: 'review' },
}

/** Sprints that went before, so that velocity and forecast have something to go by. */
async function addPastSprints(post: Post, project: Created, began: string) {
  for (const [index, { name, done, left }] of pastSprints.entries()) {
    const days = 14 * (pastSprints.length - index)
    const sprint = (await post(`past-${index}`, '/sprints', {
      project_id: project.id,
      name,
      ...twoWeeksFrom(dateOf(Date.parse(began) - days * day)),
    })) as Created
    const ids: number[] = []
    for (const [nth, [title, story_points]] of [...done, ...left].entries()) {
      const task = (await post(`past-${index}-card-${nth}`, '/tasks', {
        project_id: project.id,
        sprint_id: sprint.id,
        title,
        story_points,
      })) as Created
      ids.push(task.id)
    }
    await post(`past-${index}-start`, `/sprints/${sprint.id}/actions/start`, {})
    const changes = { board_status: 'done' }
    const task_ids = ids.slice(0, done.length)
    await post(`past-${index}-done`, '/tasks/actions/update', { task_ids, changes })
    await post(`past-${index}-complete`, `/sprints/${sprint.id}/actions/complete`, {})
  }
}

type PastCard = [title: string, points: number]

const pastSprints: { name: string; done: PastCard[]; left: PastCard[] }[] = [
  {
    name: 'Find out what hikers note',
    done: [
      ['Talk with five hikers', 8],
      ['Sort what they write down', 8],
      ['Draw the first page on paper', 13],
    ],
    left: [['Collect old journals', 3]],
  },
  {
    name: 'Draw the journal',
    done: [
      ['Sketch the list of walks', 13],
      ['Sketch one walk', 13],
      ['Try both with two hikers', 8],
    ],
    left: [],
  },
  {
    name: 'Choose how to build it',
    done: [
      ['Compare three map libraries', 13],
      ['Measure a year of walks in the browser', 13],
    ],
    left: [['Choose a host for the tiles', 5]],
  },
]

/** A run with one step done, one in work and the rest to come: its sprint follows by itself. */
async function runProtocol(post: Post, project: Created): Promise<Created> {
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
  return second
}

/** Somebody calls the card of a running step done: the step wins, and the conflict is kept. */
async function disagree(api: Target, post: Post, step: Created) {
  // Its card comes by itself, soon; a sample without a conflict is one all the same.
  for (let tries = 0; tries < 50; tries++) {
    const now = (await call(api, { method: 'GET', path: `/steps/${step.id}` })) as {
      linked_task_id: number | null
    }
    if (now.linked_task_id !== null) {
      const changes = { board_status: 'done' }
      await post('disagree', '/tasks/actions/update', { task_ids: [now.linked_task_id], changes })
      return
    }
    await sleep(100)
  }
}
