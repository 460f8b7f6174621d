import type { Json, JsonObject } from '../json.ts'
import type { FlowModule } from '../openflow/types.ts'
import type { FlowScope } from './flow-scope.ts'
import type { JobRun } from './job-run.ts'

/** The place of one module in a run. */
export type Placed = { run: JobRun; scope: FlowScope; module: FlowModule; path: string }

/** What is decided once, before a module's first attempt, and kept for all others. */
export type Preparation = { args: JsonObject | null; plan: Json; scriptPath: string | null }
