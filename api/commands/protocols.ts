import * as z from 'zod'
import { id, name, storyPoints, text } from '../core/entities/fields.ts'
import {
  ProtocolProgress,
  ProtocolRun,
  protocolKind,
  protocolStatus,
  StepRun,
} from '../core/entities/protocol.ts'
import { byProject, byProtocol, command, listOf, page } from './command.ts'

/** A step as planned; `depends_on` names steps of the same plan. */
export const PlannedStep = z
  .strictObject({
    step_name: name(),
    step_type: text(100).default('execute'),
    story_points: storyPoints.nullish(),
    depends_on: z.array(name()).max(1000).default([]),
    parallel_group: text(200).nullish(),
    qa_required: z.boolean().default(false),
    agent: text(200).nullish(),
  })
  .meta({ id: 'PlannedStep' })
export type PlannedStep = z.infer<typeof PlannedStep>

const plan = z.array(PlannedStep).max(10_000)

/** The same for a run that has steps already. */
export const ReplannedStep = PlannedStep.extend({
  step_id: id
    .optional()
    .meta({ description: 'the step this is, under a new name; without it the name says which' }),
}).meta({ id: 'ReplannedStep' })
export type ReplannedStep = z.infer<typeof ReplannedStep>

export const ProtocolWithSteps = ProtocolRun.extend({ steps: z.array(StepRun) }).meta({
  id: 'ProtocolWithSteps',
})

export const listProtocols = command({
  name: 'protocol.list',
  summary: 'List protocol runs',
  scope: 'read',
  method: 'get',
  path: '/protocols',
  query: z.object({
    ...page,
    project_id: z.coerce.number().int().positive().optional(),
    status: protocolStatus.optional(),
  }),
  output: listOf(ProtocolRun),
})

export const listProgress = command({
  name: 'protocol.progress',
  summary: 'Tell of each protocol run of a project how far its steps are',
  scope: 'read',
  method: 'get',
  path: '/projects/:project_id/protocol-progress',
  params: byProject,
  query: z.object(page),
  output: listOf(ProtocolProgress),
})

export const createProtocol = command({
  name: 'protocol.create',
  summary: 'Create a protocol run with its steps',
  scope: 'plan',
  method: 'post',
  path: '/protocols',
  status: 201,
  body: z.strictObject({
    project_id: id,
    spec_id: id.nullish(),
    sprint_id: id.nullish().meta({ description: 'a sprint this run works on, without owning it' }),
    parent_run_id: id.nullish(),
    protocol_name: name(),
    kind: protocolKind.default('protocol'),
    steps: plan.default([]),
  }),
  output: ProtocolWithSteps,
})

export const getProtocol = command({
  name: 'protocol.get',
  summary: 'Read a protocol run',
  scope: 'read',
  method: 'get',
  path: '/protocols/:protocol_id',
  params: byProtocol,
  output: ProtocolRun,
})

export const updateProtocol = command({
  name: 'protocol.update',
  summary: 'Rename a protocol run, or note the flow job that executes it',
  scope: 'work',
  method: 'patch',
  path: '/protocols/:protocol_id',
  params: byProtocol,
  body: z.strictObject({ protocol_name: name().optional(), flow_job_id: z.uuid().nullish() }),
  output: ProtocolRun,
})

export const deleteProtocol = command({
  name: 'protocol.delete',
  summary: 'Cancel a protocol run and archive the cards of its steps',
  scope: 'plan',
  method: 'delete',
  path: '/protocols/:protocol_id',
  params: byProtocol,
  output: ProtocolRun,
})

export const listSteps = command({
  name: 'protocol.steps',
  summary: 'List the steps of a protocol run, in order',
  scope: 'read',
  method: 'get',
  path: '/protocols/:protocol_id/steps',
  params: byProtocol,
  query: z.object(page),
  output: listOf(StepRun),
})

export const replan = command({
  name: 'protocol.replan',
  summary: 'Put the whole plan: steps are known by id or name, missing ones are deleted softly',
  scope: 'plan',
  method: 'put',
  path: '/protocols/:protocol_id/steps',
  params: byProtocol,
  body: z.strictObject({ steps: z.array(ReplannedStep).max(10_000) }),
  output: ProtocolWithSteps,
})

const action = (verb: string, summary: string) =>
  command({
    name: `protocol.${verb}`,
    summary,
    scope: 'work',
    method: 'post',
    path: `/protocols/:protocol_id/actions/${verb}`,
    params: byProtocol,
    output: ProtocolRun,
  })
export const startProtocol = action('start', 'Let the run begin')
export const pauseProtocol = action('pause', 'Start no further steps')
export const resumeProtocol = action('resume', 'Go on after a pause')
export const executeProtocol = command({
  name: 'protocol.execute',
  summary: 'Execute the run: its ready steps, and then whatever becomes ready',
  scope: 'plan',
  method: 'post',
  path: '/protocols/:protocol_id/actions/execute',
  params: byProtocol,
  body: z.strictObject({
    job_id: z
      .uuid()
      .optional()
      .meta({ description: 'the flow job that is at it already; without it one is started' }),
    instead_of: z
      .uuid()
      .optional()
      .meta({ description: 'the job that was at it and has ended: its running steps are queued' }),
  }),
  output: ProtocolRun,
})

export const endExecution = command({
  name: 'protocol.end_execution',
  summary: 'Say that the job which executed the run has ended',
  scope: 'plan',
  method: 'post',
  path: '/protocols/:protocol_id/actions/end-execution',
  params: byProtocol,
  body: z.strictObject({
    job_id: z.uuid(),
    broken: text(10_000).nullish().meta({
      description: 'why it broke off: its running steps are queued, and the run is paused',
    }),
  }),
  output: ProtocolRun,
})

export const cancelProtocol = action('cancel', 'Cancel the run and every step that has not ended')
