import type { JobError } from '../job-error.ts'
import type { Json, JsonObject } from '../json.ts'
import type { FlowModule } from '../openflow/types.ts'

/** A flow, loop iteration or branch while it runs: what its modules can see. */
export type FlowScope = {
  /** The step path of the scope; empty for the job itself. */
  path: string
  /** The job, or the step that stands for the scope. */
  id: string
  /** The workspace path of the flow that the modules are written in. */
  flowPath: string
  flowInput: JsonObject
  results: Map<string, Json>
  outer?: FlowScope
  /** How many flows lie around this one. */
  depth: number
  /** The flow's own environment, with what it names; sub-flows have their own. */
  flowEnv: JsonObject
  error?: JobError
  /** Of the flow; it runs in the innermost scope that fails. */
  failureModule?: FlowModule | undefined
  /** For the module behind an approval alone: what people answered. */
  approval?: Approval | undefined
  /** Set for the preprocessor alone: it gets the flow's arguments as they came. */
  preprocessing?: boolean
}

/** What the module behind an approval sees of it. */
export type Approval = { resumes: Json[]; approvers: string[] }
