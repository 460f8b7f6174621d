import { createHash } from 'node:crypto'
import type { Client, Json } from './client.ts'
import type { Random } from './random.ts'
import type { Place, Repositories } from './repositories.ts'

/** What one story has been told was done. Everything in it must be there in the end, once. */
export interface Told {
  slug: string
  project: number
  place: Place
  /** The sprint of the file, and the one of the protocol run. */
  sprints: [number, number]
  run: number
  /** Tasks in the file. */
  tasks: number
  /** Event types of each step's moves, in order. */
  moves: Map<number, string[]>
  /** Step and names of what it produced. */
  artifacts: Map<number, string[]>
  jobs: string[]
  file: { path: string; expected: string; commits: number }
}

const actions = {
  start: 'step.started',
  complete: 'step.completed',
  fail: 'step.failed',
  retry: 'step.retried',
  skip: 'step.skipped',
  block: 'step.blocked',
} as const
type Action = keyof typeof actions

const lives: readonly [Action[], ...Action[][]] = [
  ['start', 'complete'],
  ['start', 'fail', 'retry', 'start', 'complete'],
  ['skip'],
  ['start', 'block', 'retry', 'start', 'complete'],
  ['start', 'fail', 'skip'],
  ['complete'],
]

/**
 * The main job of one project, from its tasks.md to the ticks in it. Every change carries a key or
 * a job id, so whoever tells the story may send it as often as it takes.
 */
export async function tellStory(
  slug: string,
  client: Client,
  repositories: Repositories,
  random: Random,
): Promise<Told> {
  const feature = 'specs/001-feature'
  const path = `${feature}/tasks.md`
  const size = random.between(3, 9)
  const tasksMd = fileOf(size, random)
  const files = { [`${feature}/spec.md`]: '# Spec\n', [path]: tasksMd }
  const remote = random.chance(0.4)
  const place = remote
    ? await repositories.remote(slug, files)
    : await repositories.workingTree(slug, files)
  const jobs: string[] = []
  const change = (key: string, method: string, to: string, body: object = {}) =>
    client.change(method, to, body, `${slug}-${key}`)
  const flow = (name: string, args: object) => {
    const jobId = jobIdOf(`${slug} ${jobs.length}`)
    jobs.push(jobId)
    return client.runFlow(name, args, jobId)
  }

  const project = await change('project', 'POST', '/projects', {
    slug,
    name: slug,
    ...place.project,
  })
  const sprint = await change('sprint', 'POST', '/sprints', { project_id: project.id, name: 'One' })
  const run = await change('run', 'POST', '/protocols', {
    project_id: project.id,
    protocol_name: 'Build',
    steps: stepsOf(random.between(2, 5)),
  })
  const synced = flow('sync_tasks_to_sprint', { sprint_id: sprint.id, spec_path: feature })
  const [moves, artifacts] = [new Map<number, string[]>(), new Map<number, string[]>()]
  const lived = liveSteps(run.steps, change, random, moves, artifacts)
  await bothOrNeither(synced, lived)

  await change('start', 'POST', `/sprints/${sprint.id}/actions/start`)
  const own = await client.readUntil(`/protocols/${run.id}/sprint`, () => true)
  const again = await flow('sprint_from_protocol', { protocol_id: run.id })
  if (again.id !== own.id) throw new Error(`run ${run.id} has two sprints: ${own.id}, ${again.id}`)

  const { items: cards } = await client.read(`/sprints/${sprint.id}/tasks`)
  const done = await finishSome(cards, change, random)
  for (const id of [own.id, sprint.id]) await flow('complete_sprint', { sprint_id: id })
  const ticks = remote && done.length > 0 ? 1 : 0
  return {
    ...{ slug, project: project.id, place, run: run.id, tasks: size, moves, artifacts, jobs },
    sprints: [sprint.id, own.id],
    file: { path, expected: ticked(tasksMd, done), commits: 1 + ticks },
  }
}

function fileOf(size: number, random: Random): string {
  const end = random.pick(['\n', '\r\n'])
  const tasks = Array.from({ length: size }, (_, at) => {
    const id = `T${String(at + 1).padStart(3, '0')}`
    const after =
      at > 0 && random.chance(0.3) ? ` (depends on T${String(at).padStart(3, '0')})` : ''
    return `- [${random.chance(0.2) ? 'x' : ' '}] ${id} Do thing ${at + 1}${after}`
  })
  return ['# Tasks: Feature', '', '## Phase 1: Setup', '', ...tasks].join(end)
}

const ticked = (text: string, ids: readonly string[]) =>
  ids.reduce((now, id) => now.replace(`[ ] ${id}`, `[x] ${id}`), text)

const stepsOf = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    step_name: `step ${at + 1}`,
    step_type: 'implementation',
    depends_on: at > 0 ? [`step ${at}`] : [],
  }))

type Change = (key: string, method: string, to: string, body?: object) => Promise<Json>

/** Moves the steps of a run through their lives, one after the other; the last may be left open. */
async function liveSteps(
  steps: readonly { id: number }[],
  change: Change,
  random: Random,
  moves: Told['moves'],
  artifacts: Told['artifacts'],
): Promise<void> {
  for (const [at, step] of steps.entries()) {
    const told: string[] = []
    moves.set(step.id, told)
    if (at === steps.length - 1 && random.chance(0.3)) return
    const life = random.pick(lives)
    for (const [nth, action] of life.entries()) {
      const to = `/steps/${step.id}/actions/${action}`
      await change(`${step.id}-${nth}`, 'POST', to, { reason: `${action} ${nth}` })
      told.push(actions[action])
    }
    if (random.chance(0.5)) {
      const names = artifacts.get(step.id) ?? []
      const name = `product-${names.length}`
      const body = { name, content: 'made' }
      await change(`${step.id}-${name}`, 'POST', `/steps/${step.id}/artifacts`, body)
      artifacts.set(step.id, [...names, name])
    }
  }
}

/** Moves some cards of the file to done by hand; answers their ids in the file. */
async function finishSome(cards: readonly Json[], change: Change, random: Random) {
  const done: string[] = []
  for (const card of cards) {
    if (card.board_status === 'done' || random.chance(0.4)) continue
    await change(`card-${card.id}`, 'PATCH', `/tasks/${card.id}`, { board_status: 'done' })
    done.push(card.external_id)
  }
  return done
}

/** Waits for both even where one fails, so that nothing is left running behind a failure. */
async function bothOrNeither(...works: Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) {
    if (result.status === 'rejected') throw result.reason
  }
}

function jobIdOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
