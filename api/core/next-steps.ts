import type { AgentContext, NextStep } from './entities/agent-context.ts'

type Context = Omit<AgentContext, 'events'>
type Task = NonNullable<Context['task']>

/** What an agent does best after an init, the first thing first: none of it is refused. */
export function nextSteps(context: Context, sessionKey: string): NextStep[] {
  const { task, documents, memory, claims } = context
  const session_key = sessionKey
  const steps: NextStep[] = []
  const question = memory?.open_questions[0]
  if (question) {
    steps.push({
      tool: 'orchestration_session_note',
      arguments: { session_key, kind: 'decision', answers_id: question.id, text: '…' },
      why: `A question is open: ${question.text.slice(0, 200)}`,
    })
  }
  for (const { id, path, state, text } of documents) {
    if (id === null || state === 'whole' || steps.length >= 3) continue
    steps.push({
      tool: 'orchestration_document_get',
      arguments: { document_id: id, ...(text ? { offset: text.length } : {}) },
      why: `${path} is ${state === 'cut' ? 'cut' : 'not in this answer'}: the budget of tokens was used up.`,
    })
  }
  for (const { task_id, task_code } of claims.slice(0, 3)) {
    if (task_id === task?.id) continue
    steps.push({
      tool: 'orchestration_task_show',
      arguments: { session_key, task_id },
      why: `${task_code} is claimed in this session: go on with it, and say so once it is done.`,
    })
  }
  const ended = !task && context.sprint && !isOpen(context.sprint) ? context.sprint : null
  const within = ended ? `${ended.code} is ${ended.status}. ` : ''
  const after = `${within}${claims.length > 0 ? 'After that: takes' : 'Takes'}`
  steps.push(
    ...(task
      ? stepsOfTask(task, context, session_key)
      : [another(context, session_key, `${after} the next task that is ready.`)]),
  )
  steps.push({
    tool: 'orchestration_session_heartbeat',
    arguments: { session_key },
    why: 'Every few minutes while nothing else is written: it keeps the session and its claims.',
  })
  return steps
}

/** The next task: of the sprint while that is open, else of any that is. */
function another({ sprint }: Context, session_key: string, why: string): NextStep {
  const within = sprint && isOpen(sprint) ? { sprint_id: sprint.id } : {}
  return {
    tool: 'orchestration_task_next',
    arguments: { session_key, ...within, claim: true },
    why: `${why} No other agent gets it.`,
  }
}

const isOpen = ({ status }: NonNullable<Context['sprint']>) =>
  status === 'planning' || status === 'active'

const isDone = ({ board_status }: Pick<Task, 'board_status'>) =>
  board_status === 'done' || board_status === 'archived'

function stepsOfTask(task: Task, context: Context, session_key: string): NextStep[] {
  const agent = context.agent.code
  const instead = inTheWay(task, context, session_key)
  if (instead !== null) return [another(context, session_key, `${instead}; take another task.`)]

  const open = task.depends_on.filter((it) => it.kind === 'hard' && !isDone(it))
  if (open.length > 0) {
    const waits = `${task.code} waits for ${open.map(({ code }) => code).join(', ')}`
    const first = open.find((it) => it.claimable && (it.assignee ?? agent) === agent)
    if (!first) return [another(context, session_key, `${waits}, which is not to be had now.`)]
    return [claim(first.id, session_key, `${waits}; do ${first.code} first.`)]
  }
  const finish = {
    tool: 'orchestration_task_status_update',
    arguments: { session_key, task_id: task.id, status: 'completed' },
    why: 'Once every acceptance criterion is met; review, where somebody is to look at it first.',
  }
  if (holds(task, context, session_key)) return [finish]
  return [
    ...intoSprint(task, session_key),
    claim(task.id, session_key, `${task.code} is ready: claim it, and no other agent begins it.`),
    finish,
  ]
}

const claim = (task_id: number, session_key: string, why: string): NextStep => ({
  tool: 'orchestration_task_claim',
  arguments: { session_key, task_id },
  why,
})

/** What was claimed in the session that is resumed, by another that goes on there as well. */
const holds = (task: Task, { claims }: Context, session_key: string) =>
  task.claim?.session_key === session_key || claims.some((it) => it.task_id === task.id)

/** Why nobody, or not this agent, is to begin this task; null where it may. */
function inTheWay(task: Task, context: Context, session_key: string): string | null {
  const { agent, sprint } = context
  if (isDone(task)) return `${task.code} is ${task.board_status} already`
  if (sprint && !isOpen(sprint))
    return `${task.code} is in ${sprint.code}, which is ${sprint.status}`
  if (holds(task, context, session_key)) return null
  if (task.claim) return `${task.code} is claimed by ${task.claim.agent}`
  if (task.assignee === null || task.assignee === agent.code) return null
  return `${task.code} is assigned to ${task.assignee}`
}

/** A task of the backlog that came from no file and no run is worked on in a sprint. */
function intoSprint(task: Task, session_key: string): NextStep[] {
  if ([task.sprint_id, task.protocol_run_id, task.spec_id].some((it) => it !== null)) return []
  return [
    {
      tool: 'orchestration_sprint_list',
      arguments: { session_key, project_id: task.project_id },
      why: `${task.code} is in no sprint, where nobody begins it: see which one is open.`,
    },
    {
      tool: 'orchestration_task_update',
      arguments: { session_key, task_id: task.id, sprint_id: '…' },
      why: `Puts ${task.code} into that sprint.`,
    },
  ]
}
