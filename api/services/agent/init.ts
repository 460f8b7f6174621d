import { initAgent as command, getSessionContext as contextCommand } from '../../commands/agents.ts'
import type { InputOf } from '../../commands/command.ts'
import { type AgentTarget, parseAgentCommand } from '../../core/agent-command.ts'
import type { AgentContext, EntityContext } from '../../core/entities/agent-context.ts'
import { sessionKey } from '../../core/entities/session.ts'
import { conflict, found, invalid } from '../../core/errors.ts'
import { nextSteps } from '../../core/next-steps.ts'
import { claimsOf } from '../../store/claims.ts'
import type { Db } from '../../store/database.ts'
import { findSession, insertSession, type SessionRow } from '../../store/sessions.ts'
import { idOfCode } from '../by-code.ts'
import { mutation } from '../mutation.ts'
import { query } from '../query.ts'
import { authorise, type Runtime, type Verb, type Work, workIn } from '../runtime.ts'
import { inSession, noSession } from '../session/enter.ts'
import { rememberedIn } from '../session/read.ts'
import { resumeSession } from '../session/resume.ts'
import type { Entity } from './assemble.ts'
import { type Assembled, createContexts } from './contexts.ts'
import { profileOf } from './profile.ts'

type Input = InputOf<typeof command>

/** What was read before the transaction in which the session is made. */
interface Prepared extends Assembled {
  resumed: string | undefined
  ms: number
}

/**
 * Assembles the context in a transaction that reads one snapshot, then makes the session and tells
 * of both in another: together they would hold two connections, and many inits all there are.
 */
export const initAgent: Verb<typeof command> = {
  command,
  async run(runtime, caller, input) {
    authorise(command, caller)
    const began = performance.now()
    const target = targetOf(input)
    const entity = await entityOf(runtime.db, target)
    const assembled = await contextOf(runtime, entity, input.budget_tokens)
    refuseOtherSprint(assembled, target)
    const prepared = { ...assembled, resumed: target.session, ms: performance.now() - began }
    const begin = mutation(command, (work, { agent }) => beginWork(work, agent, prepared), {
      session: () => null,
    })
    return begin.run(runtime, caller, input)
  },
}

const contextOf = (runtime: Runtime, entity: Entity, budget: number) =>
  (runtime.contexts ?? createContexts(runtime.db))(entity, budget)

function targetOf({ command, entity_type, entity_code, resume_session }: Input): AgentTarget {
  const given = [command, entity_code ?? entity_type, resume_session]
  const half = (entity_type === undefined) !== (entity_code === undefined)
  if (half || given.filter((it) => it !== undefined).length !== 1) {
    const message = 'give a command, or entity_type with entity_code, or resume_session'
    throw invalid('command', 'one_target', message)
  }
  if (resume_session !== undefined) return { session: resume_session }
  if (entity_type !== undefined && entity_code !== undefined) return { [entity_type]: entity_code }
  const target = parseAgentCommand(command ?? '')
  if (target && (!target.session || sessionKey.safeParse(target.session).success)) return target
  throw invalid(
    'command',
    'agent_command',
    'must be AGENT INIT S:<sprint code>, T:<task code>, both with | between, or SESSION:<key> with the session_key that an init answered, such as ws-3f…',
  )
}

async function entityOf(db: Db, { session, task, sprint }: AgentTarget): Promise<Entity> {
  if (session !== undefined) {
    const known = await findSession(db, session)
    if (!known) throw noSession(session)
    const { entity_type, entity_id } = known
    return { type: entity_type, id: entity_id }
  }
  if (task !== undefined) return { type: 'task', id: await idOfCode(db, 'task', task) }
  return { type: 'sprint', id: await idOfCode(db, 'sprint', sprint ?? '') }
}

function refuseOtherSprint({ context }: Assembled, { task, sprint }: AgentTarget): void {
  if (task === undefined || sprint === undefined || context.sprint?.code === sprint) return
  throw conflict(
    'task_of_the_sprint',
    `Task ${task} is ${context.sprint ? `in sprint ${context.sprint.code}` : 'in no sprint'}, not in ${sprint}; leave out S:${sprint}.`,
  )
}

async function beginWork(work: Work, agent: string | undefined, prepared: Prepared) {
  const { context, cached, resumed, ms } = prepared
  const { entity, project, sprint } = context
  const session =
    resumed === undefined
      ? await insertSession(work.tx, {
          project_id: project.id,
          sprint_id: entity.type === 'sprint' ? entity.id : null,
          task_id: entity.type === 'task' ? entity.id : null,
          agent: agent ?? work.caller.actor.slice(0, 80),
          actor: work.caller.actor,
        })
      : await resumeSession(work, resumed, agent)
  const inItsName = await workIn(work.tx, work.runtime, inSession(work.caller, session), session)
  const about = {
    entity_type: 'session',
    entity_id: session.id,
    project_id: project.id,
    sprint_id: sprint?.id ?? null,
  }
  const told = { agent: session.agent, session_key: session.key }
  const [full] = await Promise.all([
    withAgent(work.tx, context, session, resumed !== undefined),
    inItsName.record(
      {
        type: resumed === undefined ? 'session.started' : 'session.resumed',
        ...about,
        sprint_id: session.sprint_id,
        payload: { key: session.key, agent: session.agent },
      },
      {
        type: 'context.assembled',
        ...about,
        payload: { ...told, tokens: context.document_tokens, cached, ms: Math.round(ms * 10) / 10 },
      },
      {
        type: 'agent.initialized',
        ...about,
        payload: { ...told, resumed: resumed !== undefined },
      },
    ),
  ])
  return {
    session_key: session.key,
    correlation_id: session.correlation_id,
    entity,
    context: full,
    message: `${session.agent} ${resumed === undefined ? 'begins' : 'goes on'} with ${entity.type} ${entity.code}, in session ${session.key} until ${session.expires_at}. Send its key with everything you do.`,
    next_steps: nextSteps(full, session.key),
  }
}

/** What is the agent's own is read each time: who it is, what its session remembers and holds. */
async function withAgent(
  db: Db,
  context: EntityContext,
  { id, agent, thread }: SessionRow,
  remembers: boolean,
): Promise<AgentContext> {
  return {
    ...context,
    agent: await profileOf(db, agent),
    memory: remembers ? await rememberedIn(db, thread) : null,
    claims: remembers ? await claimsOf(db, id) : [],
  }
}

export const getSessionContext = query(
  contextCommand,
  async ({ db, runtime }, { session_key, budget_tokens }) => {
    const session = found(await findSession(db, session_key), 'session', session_key)
    const entity = { type: session.entity_type, id: session.entity_id }
    const { context } = await contextOf(runtime, entity, budget_tokens)
    return withAgent(db, context, session, true)
  },
)
