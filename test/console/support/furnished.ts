import { eventually, type Json, type TestApi } from '../../support/api.ts'
import { agentAtWork } from './agent-at-work.ts'
import { parkDelivery } from './parked.ts'
import { pastSprint } from './past-sprint.ts'
import { sampleSprint } from './sample-sprint.ts'
import { twoConflicts } from './two-conflicts.ts'

/** What an address is about: work going on, a history, nothing yet, or what is not there. */
export type Place = 'streaks' | 'history' | 'closed' | 'blank' | 'asking' | 'done' | 'none'

/**
 * Something for every page, on an engine with the sample flows. Answers what an address such as
 * `/projects/:slug` is for a place.
 */
export async function furnished(client: TestApi): Promise<(pattern: string, of: Place) => string> {
  const post = async (path: string, body: object = {}): Promise<Json> => {
    const answer = await client.post(path, body)
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const flowRun = async (name: string, args: object, state: string): Promise<string> => {
    const { job_id } = await post('/flow-runs', { path: `f/devgodzilla/${name}`, args })
    const run = () => client.get(`/flow-runs/${job_id}`)
    const { body } = await eventually(run, (it) => it.body.state === state)
    if (body.state !== state) throw new Error(`${name} is ${body.state}, not ${state}`)
    return job_id
  }

  const sample = await sampleSprint(client)
  const [plan, , notes] = sample.steps
  await twoConflicts(client, sample)
  for (let card = 1; card <= 14; card++) await sample.addCard(`Higher than the window ${card}`)
  await post(`/steps/${plan}/logs`, { lines: [{ seq: 1, line: 'Reading the spec.' }] })
  await post(`/steps/${plan}/artifacts`, { name: 'summary.md', content: 'The plan is drawn up.' })
  await post(`/steps/${notes}/actions/start`)
  await post(`/steps/${notes}/actions/fail`, { reason: 'The disk is full.' })
  await parkDelivery(client)
  const { secret: token } = await post('/tokens', { name: 'robot', role: 'agent' })
  const coder = await agentAtWork(client, `S:${sample.code}`, { token })
  const remembers = (kind: string, text: string) =>
    coder.does('post', `/sessions/${coder.key}/notes`, { kind, text })
  await remembers('note', 'The store has no index on the day yet.')
  await remembers('decision', 'A check-in is a day in the time zone of the person.')
  await remembers('question', 'Does a streak survive a day off?')
  const { task: claimed } = await coder.does('post', '/tasks/actions/next', { claim: true })
  await coder.does('patch', `/tasks/${claimed.id}`, { story_points: 5 })
  const to_agent = 'reviewer'
  await post(`/sessions/${coder.key}/handoff`, { to_agent, message: 'See the tests first.' })
  await client.patch(`/sprints/${sample.sprintId}`, { goal: 'People see their streaks.' })

  const past = await pastSprint(client)
  const { id: project_id, slug: history } = past.project
  await post('/tasks', { project_id, title: 'Waits its turn', story_points: 2 })
  await post('/sprints', { project_id, name: 'Third steps' })
  const blank = await post('/projects', { slug: 'blank', name: 'Blank' })
  const nothing = await post('/sprints', { project_id: blank.id, name: 'Nothing yet' })

  const step = (await client.get(`/steps/${plan}`)).body
  const task = (await client.get(`/tasks/${step.linked_task_id}`)).body
  const [event] = (await client.get(`/events?project_id=${sample.projectId}`)).body.items
  const places: Record<Place, Record<string, string | number | undefined>> = {
    streaks: {
      slug: sample.slug,
      code: sample.code,
      id: step.protocol_run_id,
      step: plan,
      task: task.code,
      session: coder.key,
      event: event.id,
    },
    history: { slug: history, code: past.sprint.code },
    closed: { slug: history, code: past.closed.code },
    blank: { slug: 'blank', code: nothing.code },
    asking: { job: await flowRun('reconcile_specs', {}, 'waiting') },
    done: { job: await flowRun('complete_sprint', { sprint_id: 8 }, 'completed') },
    none: { slug: 'none', code: 'NONE-1', id: 0, job: 'none', session: 'none' },
  }
  return (pattern, of) => pattern.replace(/:(\w+)/g, (_, name) => `${places[of][name]}`)
}
