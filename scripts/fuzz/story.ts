import fc from 'fast-check'
import type { Json } from './operations.ts'
import type { Hint } from './valid.ts'

export type Call = (
  method: string,
  path: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<Json>

/** Ids that are there, by what they are of: `tasks` → ids of this project, then of another one. */
type Ids = Record<string, number[]>

/** Where outgoing webhooks of the story may go: to this machine, where nobody listens. */
export const outgoing = {
  allowPrivate: [{ address: '127.0.0.1', prefix: 32, family: 'ipv4' as const }],
}
const address = 'http://127.0.0.1:65000/x'

/** The Windmill job that does the steps of the story. */
const job_id = '6f1f3a52-8d0c-4d5e-9a43-0c5b7f2f9e11'

let told = 0

/** A small story in two projects: a spec, sprints of two kinds, cards, a linked run, a token. */
export async function tellStory(call: Call): Promise<Hint> {
  const ids: Ids = {}
  const texts: Record<string, string[]> = {
    url: [address],
    job_id: [job_id],
    step_name: ['a', 'b', 'c', 'd'],
    depends_on: ['a', 'b'],
    archived: ['true', 'false'],
    revision: ['1'],
    number: ['1'],
    from: ['1'],
    to: ['1'],
  }
  const make = async (path: string, body: object): Promise<Json> => {
    const made = await call('POST', path, body)
    const kind = path.slice(1)
    ids[kind] = [...(ids[kind] ?? []), made.id]
    return made
  }
  for (const place of ['here', 'elsewhere']) {
    const slug = `${place}-${process.pid}-${++told}`
    const { id: project_id } = await make('/projects', {
      slug,
      name: place,
      // The story makes its sprints itself; no flow runs.
      settings: { auto_create_sprint: false },
    })
    const spec = await make('/specs', { project_id, path: `specs/${place}` })
    const sprint = await make('/sprints', { project_id, name: 'Sprint', spec_id: spec.id })
    const task = await make('/tasks', { project_id, title: 'Open', sprint_id: sprint.id })
    const next = await make('/tasks', { project_id, title: 'Next' })
    await call('POST', `/tasks/${next.id}/dependencies`, { depends_on_id: task.id })
    const history = await call('GET', `/tasks/${next.id}/history`)
    texts.correlation_id = [history.items[0].correlation_id]
    await call('POST', '/adrs', { project_id, title: 'Keep every revision' })
    const run = await make('/protocols', {
      project_id,
      protocol_name: 'Run',
      steps: [{ step_name: 'a' }, { step_name: 'b', depends_on: ['a'] }, { step_name: 'c' }],
    })
    ids.steps = [...(ids.steps ?? []), ...run.steps.map((it: Json) => it.id)]
    const linked = await call('POST', `/protocols/${run.id}/actions/create-sprint`, {})
    ids.sprints = [...(ids.sprints ?? []), linked.id]
    await call('POST', `/sprints/${sprint.id}/actions/start`)
    for (const step of [run.steps[0], run.steps[2]]) {
      await call('POST', `/steps/${step.id}/actions/start`, { job_id })
    }
    await make('/views', { project_id, name: 'Mine', query: 'lanes=assignee' })
    await make('/webhook-subscriptions', {
      project_id,
      url: address,
      event_types: ['task.*'],
      active: false,
    })
    const path = 'docs/guide.md'
    await call('PUT', `/projects/${project_id}/documents`, { documents: [{ path, text: 'Guide' }] })
    const { items } = await call('GET', `/projects/${project_id}/documents`)
    ids.documents = [...(ids.documents ?? []), items[0].id]
    const command = `S:${sprint.code}`
    const { session_key } = await call('POST', '/agent/init', { command, agent: slug })
    const claimed = await make('/tasks', { project_id, title: 'Claimed', sprint_id: sprint.id })
    const inSession = { 'X-Session-Key': session_key }
    await call('POST', `/tasks/${claimed.id}/actions/claim`, {}, inSession)
    texts.session_key = [...(texts.session_key ?? []), session_key]
    // In this one a task is claimed: there is something to replay.
    const onTask = { command: `T:${task.code}`, agent: slug }
    const own = await call('POST', '/agent/init', onTask)
    texts.session_key.push(own.session_key)
    texts.resume_session = texts.session_key
    texts.command = [...(texts.command ?? []), command]
    for (const code of [slug, `idle-${slug}`]) {
      await call('POST', '/agent/profiles', { code, name: place })
      texts.agent_code = [...(texts.agent_code ?? []), code]
    }
    await call('POST', '/adrs', { project_id, title: 'A decision' })
    texts.number = ['1']
    texts.entity_code = [...(texts.entity_code ?? []), sprint.code]
    texts.code = [...(texts.code ?? []), sprint.code]
    texts.carry_over_to = ['backlog', 'next', sprint.code]
    texts.spec_path = [`specs/${place}`]
  }
  await make('/tokens', { name: 'of the story', role: 'viewer' })
  texts.content = ['- [ ] T001 One\n- [x] T002 Two (depends on T001)\n']

  return (field) => {
    // A place on this machine, or elsewhere, is nothing to be made up.
    if (['local_path', 'repo_url'].includes(field)) return fc.constant(null)
    const text = texts[field]
    if (text) return fc.constantFrom(...text)
    const kind = kindOf(field)
    if (!kind) return undefined
    const there = ids[kind] ?? []
    const nowhere = fc.constantFrom(1_000_000_000_007, Number.MAX_SAFE_INTEGER)
    if (there.length === 0) return nowhere
    return fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...there) }, nowhere)
  }
}

const otherNames: Record<string, string> = {
  protocol_run: 'protocols',
  parent_run: 'protocols',
  depends_on: 'tasks',
  step_run: 'steps',
  subscription: 'webhook-subscriptions',
}

function kindOf(field: string): string | null {
  const entity = /^(\w+)_id$/.exec(field)?.[1]
  if (entity === undefined || ['flow_job', 'correlation'].includes(entity)) return null
  return otherNames[entity] ?? `${entity}s`
}
