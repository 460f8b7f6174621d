import * as z from 'zod'
import { AgentProfile } from './agent-profile.ts'
import { id, metadata, text, timestamp } from './fields.ts'
import { Claim, Memory } from './session.ts'
import { sprintStatus } from './sprint.ts'
import { boardStatus, priority, Task } from './task.ts'

export const NextStep = z
  .object({
    tool: text().meta({ description: 'the tool to call' }),
    arguments: metadata,
    why: text(),
  })
  .meta({ id: 'NextStep' })
export type NextStep = z.infer<typeof NextStep>

const Related = Task.pick({
  id: true,
  code: true,
  board_status: true,
  story_points: true,
  assignee: true,
})
  .extend({ title: text().meta({ description: 'its first 200 characters' }), priority })
  .meta({ id: 'RelatedTask' })
export type Related = z.infer<typeof Related>

const Dependency = z
  .object({
    id,
    code: text(),
    title: text(),
    board_status: boardStatus,
    assignee: text().nullable(),
    kind: z.enum(['hard', 'suggested']),
    claimable: z.boolean().meta({
      description: 'it is open and claimed by nobody, and what it waits for is done',
    }),
  })
  .meta({ id: 'RelatedDependency' })

const ContextTask = Task.extend({
  depends_on: z.array(Dependency),
  needed_by: z.array(Dependency),
  claim: Claim.omit({ lease_until: true }).nullable(),
}).meta({ id: 'ContextTask' })

const ContextSprint = z
  .object({
    id,
    code: text(),
    name: text(),
    goal: text().nullable(),
    status: sprintStatus,
    start_date: timestamp.nullable(),
    end_date: timestamp.nullable(),
    progress: z.object({
      tasks: z.int(),
      by_status: z.record(text(), z.int()),
      total_points: z.int(),
      completed_points: z.int(),
      completion_rate: z.number().min(0).max(1),
    }),
    related: z
      .array(Related)
      .meta({ description: 'what is being worked on, then what comes next; the first of them' }),
    related_total: z.int().meta({ description: 'of all that are not done' }),
    dependencies: z
      .array(z.object({ task: text(), depends_on: text(), kind: z.enum(['hard', 'suggested']) }))
      .meta({ description: 'among the related tasks, by code' }),
  })
  .meta({ id: 'ContextSprint' })

const ContextDocument = z
  .object({
    id: id.nullable().meta({ description: 'null: it is named, but nobody has sent its text' }),
    path: text(),
    tokens: z.int().meta({ description: 'of the whole text, estimated from above' }),
    text: text(10_000_000).nullable(),
    state: z.enum(['whole', 'cut', 'left_out', 'missing']),
    how_to_read: text().nullable().meta({ description: 'the rest of it' }),
  })
  .meta({ id: 'ContextDocument' })
export type ContextDocument = z.infer<typeof ContextDocument>

const ContextEvent = z
  .object({
    id,
    type: text(),
    entity_type: text(),
    entity_id: id,
    actor: text(),
    agent: text().nullable(),
    told: text().meta({ description: 'what it says, in short' }),
    emitted_at: timestamp,
  })
  .meta({ id: 'ContextEvent' })

/** What about a sprint or a task does not depend on who asks. */
export const EntityContext = z.object({
  entity: z.object({ type: z.enum(['sprint', 'task']), id, code: text() }),
  project: z.object({ id, slug: text(), name: text() }),
  task: ContextTask.nullable(),
  sprint: ContextSprint.nullable(),
  documents: z.array(ContextDocument),
  document_tokens: z.int().meta({ description: 'of all texts here together' }),
  budget_tokens: z.int(),
  events: z.array(ContextEvent).meta({ description: 'the newest first' }),
})
export type EntityContext = z.infer<typeof EntityContext>

export const AgentContext = EntityContext.extend({
  agent: AgentProfile.omit({ id: true, created_at: true, updated_at: true, active: true }).extend({
    is_default: z.boolean().meta({ description: 'nobody has described this agent' }),
  }),
  memory: Memory.nullable().meta({ description: 'of the session that is resumed' }),
  claims: z.array(Claim).meta({ description: 'what the session that is resumed has claimed' }),
}).meta({ id: 'AgentContext' })
export type AgentContext = z.infer<typeof AgentContext>
