import type { Logger } from 'pino'
import type { Sql } from 'postgres'
import type { Bell } from '../bell.ts'
import type { Evaluator } from '../expressions/evaluator.ts'
import type { JobTokens } from '../job-tokens.ts'
import type { Json } from '../json.ts'
import type { Masks } from '../masks.ts'
import type { FlowModule, FlowValue } from '../openflow/types.ts'
import type { ResumeSigner } from '../resume-signer.ts'
import type { Bundler } from '../runner/bundler.ts'
import type { Limiter } from '../runner/limiter.ts'
import type { WorkerPool } from '../runner/worker-pool.ts'
import type { JobRow } from '../store/jobs.ts'
import type { StepRow } from '../store/steps.ts'
import type { WorkspaceValues } from '../workspace/values.ts'
import type { WorkspaceFiles } from '../workspace/workspace-files.ts'
import type { FlowScope } from './flow-scope.ts'
import type { Outcome } from './outcome.ts'

/** What every job in this process shares. */
export type Machinery = {
  sql: Sql
  log: Logger
  files: WorkspaceFiles
  values: WorkspaceValues
  evaluator: Evaluator
  bundler: Bundler
  pool: WorkerPool
  limiter: Limiter
  tokens: JobTokens
  signer: ResumeSigner
  workspace: string
  /** Where scripts reach this engine. */
  baseUrl: string
  defaultTimeoutSeconds: number
  maxResultBytes: number
  /** Aborted when the engine closes: no step begins or waits any longer, running ones may end. */
  stopping: AbortSignal
}

/** How modules run the modules inside them. Handed in, for they are run by what runs them. */
export type Interpreter = {
  runModules(
    run: JobRun,
    scope: FlowScope,
    modules: FlowModule[],
    whenEmpty: Json,
  ): Promise<Outcome>
  runFlow(run: JobRun, scope: FlowScope, value: FlowValue): Promise<Outcome>
}

/** One job being run by this process. */
export type JobRun = {
  machinery: Machinery
  interpreter: Interpreter
  job: JobRow
  /** What is done already, by path; kept up to date while the job runs. */
  steps: Map<string, StepRow>
  masks: Masks
  /** Aborted with an Interruption: what runs is stopped. */
  signal: AbortSignal
  /** Rung when somebody has answered. */
  bell: Bell
  /** Aborted earlier than that when the engine closes: nothing begins, nothing waits. */
  patience: AbortSignal
}
