import * as z from 'zod'

/**
 * What flows read of the API's answers. Loose: whatever else an answer holds is passed on.
 */
const id = z.number()
const entity = { id, project_id: id }

export const Project = z.looseObject({
  id,
  slug: z.string(),
  local_path: z.string().nullable(),
  repo_url: z.string().nullable(),
  default_branch: z.string(),
})
export type Project = z.infer<typeof Project>

export const Spec = z.looseObject({
  ...entity,
  path: z.string(),
  name: z.string(),
  content_hash: z.string().nullable(),
  commit_sha: z.string().nullable().optional(),
  imports: z.number().optional(),
  status: z.string().optional(),
})
export type Spec = z.infer<typeof Spec>

export const Sprint = z.looseObject({
  ...entity,
  spec_id: id.nullable(),
  code: z.string(),
  name: z.string(),
  status: z.string(),
})
export type Sprint = z.infer<typeof Sprint>

export const ProtocolRun = z.looseObject({
  ...entity,
  protocol_name: z.string(),
  status: z.string(),
  linked_sprint_id: id.nullable(),
})
export type ProtocolRun = z.infer<typeof ProtocolRun>

export const StepRun = z.looseObject({
  ...entity,
  protocol_run_id: id,
  step_name: z.string(),
  status: z.string(),
  attempt: z.number(),
})
export type StepRun = z.infer<typeof StepRun>

export const Task = z.looseObject({
  ...entity,
  sprint_id: id.nullable(),
  spec_id: id.nullable(),
  external_id: z.string().nullable(),
  code: z.string(),
  title: z.string(),
  board_status: z.string(),
  story_points: z.number().nullable(),
})
export type Task = z.infer<typeof Task>

export const SyncReport = z.looseObject({
  sprint_id: id,
  protocol_run_id: id,
  created: z.array(id),
  updated: z.array(id),
  archived: z.array(id),
})
export type SyncReport = z.infer<typeof SyncReport>

export const ImportReport = z.looseObject({
  spec_id: id,
  sprint_id: id.nullable(),
  content_hash: z.string(),
  recognised: z.number(),
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  archived: z.array(z.looseObject({ external_id: z.string() })),
  moved: z.number(),
  elsewhere: z.array(z.looseObject({ external_id: z.string(), sprint_id: id })),
  conflicts: z.array(z.looseObject({ task_id: id, field: z.string() })),
  skipped: z.array(z.looseObject({ line: z.number(), reason: z.string() })),
})
export type ImportReport = z.infer<typeof ImportReport>

export const Velocity = z.looseObject({
  sprint_id: id,
  velocity_actual: z.number(),
  total_points: z.number(),
  completed_points: z.number(),
  completion_rate: z.number(),
})
export type Velocity = z.infer<typeof Velocity>

export const CompletedSprint = z.looseObject({
  sprint: Sprint,
  report: z.looseObject({
    committed_points: z.number(),
    completed_points: z.number(),
    carried_over_points: z.number(),
    carried_over: z.array(z.looseObject({ code: z.string(), title: z.string(), to: z.string() })),
  }),
})
export type CompletedSprint = z.infer<typeof CompletedSprint>

export const ExportedTasks = z.looseObject({
  files: z.array(
    z.looseObject({
      spec_id: id.nullable(),
      spec_path: z.string(),
      content: z.string(),
      base_hash: z.string().nullable(),
      changed: z.array(z.string()),
      unpatchable: z.array(z.looseObject({ external_id: z.string(), reason: z.string() })),
    }),
  ),
})
export type ExportedTasks = z.infer<typeof ExportedTasks>

export const ExecutedRun = ProtocolRun.extend({
  spec_id: id.nullable(),
  flow_job_id: z.string().nullable(),
  execution: z.enum(['running', 'waiting']).nullable(),
})
export type ExecutedRun = z.infer<typeof ExecutedRun>

export const PlanStep = StepRun.extend({
  step_type: z.string(),
  status_reason: z.string().nullable(),
  depends_on: z.array(id),
  qa_required: z.boolean(),
  flow_job_id: z.string().nullable(),
  linked_task_id: id.nullable(),
  task_id: id.nullable(),
  started_at: z.string().nullable(),
})
export type PlanStep = z.infer<typeof PlanStep>

export const Artifact = z.looseObject({
  id,
  name: z.string(),
  attempt: z.number(),
  uri: z.string().nullable(),
  content: z.string().nullable(),
})
export type Artifact = z.infer<typeof Artifact>
