import * as z from 'zod'
import { name, storyPoints, text } from '../core/entities/fields.ts'
import {
  Artifact,
  AttemptUsage,
  attemptCostUsd,
  attemptTokens,
  StepLogLine,
  StepRun,
} from '../core/entities/protocol.ts'
import { byStep, command, listOf, page } from './command.ts'

export const getStep = command({
  name: 'step.get',
  summary: 'Read a step',
  scope: 'read',
  method: 'get',
  path: '/steps/:step_id',
  params: byStep,
  output: StepRun,
})

export const updateStep = command({
  name: 'step.update',
  summary: 'Change what a step is called or worth, who does it, what it cost',
  scope: 'work',
  method: 'patch',
  path: '/steps/:step_id',
  params: byStep,
  body: z.strictObject({
    step_name: name().optional(),
    story_points: storyPoints.nullish(),
    agent: text(200).nullish(),
    tokens: attemptTokens.nullish(),
    usage: AttemptUsage.nullish(),
    cost_usd: attemptCostUsd.nullish(),
    qa_required: z.boolean().optional(),
  }),
  output: StepRun,
})

export const deleteStep = command({
  name: 'step.delete',
  summary: 'Delete a step softly; its card is archived',
  scope: 'plan',
  method: 'delete',
  path: '/steps/:step_id',
  params: byStep,
  output: StepRun,
})

export const stepActions = [
  'start',
  'submit-qa',
  'complete',
  'fail',
  'block',
  'timeout',
  'skip',
  'cancel',
  'retry',
] as const
export type StepAction = (typeof stepActions)[number]

const summaries: Record<StepAction, string> = {
  start: 'Start a step whose dependencies are met',
  'submit-qa': 'Hand a running step to QA',
  complete: 'Complete a step, or send it to QA where it asks for that',
  fail: 'Record that a step failed, and why',
  block: 'Record that a step cannot go on, and why',
  timeout: 'Record that a step ran out of time',
  skip: 'Skip a step; its dependants may start, its points do not count',
  cancel: 'Cancel a step; its card is archived',
  retry: 'Queue an ended step again, as its next attempt',
}

/** One command per action; all take an optional reason, shown on the card. */
export const actOnStep = (action: StepAction) =>
  command({
    name: `step.${action.replace('-', '_')}`,
    summary: summaries[action],
    scope: 'work',
    method: 'post',
    path: `/steps/:step_id/actions/${action}`,
    params: byStep,
    body: z.strictObject({
      reason: text(10_000).nullish(),
      agent: text(200).nullish(),
      tokens: attemptTokens
        .nullish()
        .meta({ description: 'spent by this attempt in total; without it, the sum of usage' }),
      usage: AttemptUsage.nullish(),
      cost_usd: attemptCostUsd.nullish(),
      job_id: z.uuid().nullish().meta({
        description:
          'the job that does the step: while it runs, no other job starts it, and this one alone may give it back (retry)',
      }),
    }),
    output: StepRun,
  })

export const listArtifacts = command({
  name: 'step.artifacts',
  summary: 'List what a step produced',
  scope: 'read',
  method: 'get',
  path: '/steps/:step_id/artifacts',
  params: byStep,
  query: z.object(page),
  output: listOf(Artifact),
})

export const addArtifact = command({
  name: 'step.add_artifact',
  summary: 'Record something a step produced; the same name in one attempt replaces it',
  scope: 'work',
  method: 'post',
  path: '/steps/:step_id/artifacts',
  status: 201,
  params: byStep,
  body: z
    .strictObject({
      name: name(),
      media_type: text(200).default('text/plain'),
      uri: text(4096).nullish(),
      content: text(1_000_000).nullish(),
    })
    .refine((it) => it.uri != null || it.content != null, {
      path: ['content'],
      message: 'give content or uri',
    }),
  output: Artifact,
})

export const listLogs = command({
  name: 'step.logs',
  summary: 'Read the log of a step, in order',
  scope: 'read',
  method: 'get',
  path: '/steps/:step_id/logs',
  params: byStep,
  query: z.object({ ...page, attempt: z.coerce.number().int().min(1).optional() }),
  output: listOf(StepLogLine),
})

export const appendLogs = command({
  name: 'step.append_logs',
  summary: 'Add lines to the log of a step; a line with a known seq is ignored',
  scope: 'work',
  method: 'post',
  path: '/steps/:step_id/logs',
  params: byStep,
  body: z.strictObject({
    lines: z
      .array(
        z.strictObject({
          seq: z.int().min(0).max(2_147_483_647),
          stream: z.enum(['stdout', 'stderr', 'system']).default('stdout'),
          line: text(20_000),
        }),
      )
      .max(1000),
  }),
  output: z.object({ appended: z.int() }),
})
