import * as z from 'zod'
import { AgentContext, NextStep } from '../core/entities/agent-context.ts'
import { code, id, text } from '../core/entities/fields.ts'
import { agentName, sessionKey } from '../core/entities/session.ts'
import { command } from './command.ts'
import { bySession } from './sessions.ts'

/** Tokens of documents that an answer holds where nothing else is asked for, and at most. */
const usualBudget = 8000
const largestBudget = 200_000

const budget = (number: z.ZodNumber | z.ZodCoercedNumber) =>
  number
    .int()
    .min(0)
    .max(largestBudget)
    .default(usualBudget)
    .meta({ description: 'tokens of reference documents to answer at most; 0 answers none' })

export const initAgent = command({
  name: 'agent.init',
  summary: 'Begin to work: one answer with all that an agent needs, and a session to work in',
  scope: 'work',
  method: 'post',
  path: '/agent/init',
  status: 201,
  tool: 'orchestration_agent_init',
  cli: 'agent init [command...]',
  told: 'whole',
  body: z.strictObject({
    command: text(500).optional().meta({
      description:
        'AGENT INIT S:<sprint code>, T:<task code> or SESSION:<key>, the first two words at will; else give entity_type with entity_code, or resume_session',
    }),
    entity_type: z
      .enum(['sprint', 'task'])
      .optional()
      .meta({ description: 'instead of a command, together with entity_code' }),
    entity_code: code.optional().meta({ description: 'code of the sprint or task' }),
    resume_session: sessionKey
      .optional()
      .meta({ description: 'instead of a command: the key of the session to go on with' }),
    agent: agentName.optional().meta({
      description: 'what the agent is called, which names its profile; default: its token’s name',
    }),
    budget_tokens: budget(z.number()),
  }),
  output: z
    .object({
      session_key: text().meta({ description: 'send it with all that is done from now on' }),
      correlation_id: z.uuid(),
      entity: z.object({ type: z.enum(['sprint', 'task']), id, code: text() }),
      context: AgentContext,
      message: text(),
      next_steps: z.array(NextStep),
    })
    .meta({ id: 'InitializedAgent' }),
})

export const getSessionContext = command({
  name: 'session.context',
  summary: 'Read what an agent of this session needs, as an init answers it',
  scope: 'read',
  method: 'get',
  path: '/sessions/:session_key/context',
  cli: 'session context',
  params: bySession,
  query: z.object({ budget_tokens: budget(z.coerce.number()) }),
  output: AgentContext,
})
