import type { Json, JsonObject } from '../json.ts'
import type { InputTransforms } from '../openflow/types.ts'
import type { ScriptSource } from '../runner/bundler.ts'
import { runStep } from '../runner/run-step.ts'
import type { Entrypoint } from '../runner/signature.ts'
import { StepLog } from '../runner/step-log.ts'
import { resolveReferences } from './inputs.ts'
import type { JobRun } from './job-run.ts'

export type ScriptCall = {
  source: ScriptSource
  args: JsonObject
  transforms?: InputTransforms
  entrypoint?: Entrypoint
  timeoutSeconds: number
  /** The step's id, or the job's for a script run by itself. */
  id: string
  /** The script's place in a flow, if it is in one. */
  flow?: { id: string; path: string; stepId: string }
}

/**
 * Runs a script in a worker of its own.
 * @throws StepFailure when it does not build, throws, or breaks a limit
 * @throws the run's Interruption
 */
export async function runScript(run: JobRun, call: ScriptCall): Promise<Json> {
  const { machinery, job, patience } = run
  const { limiter } = machinery
  // A job that a running step waits for must not queue behind that step.
  return job.nested ? execute(run, call) : limiter.run(() => execute(run, call), patience)
}

async function execute(run: JobRun, call: ScriptCall): Promise<Json> {
  const { machinery, job, masks, signal } = run
  signal.throwIfAborted()
  const { tokens, sql } = machinery
  const log = new StepLog(sql, job.id, call.id, masks)
  const token = tokens.mint({ jobId: call.id, user: job.created_by, masks })
  masks.add(token)
  try {
    const [bundle, args] = await Promise.all([
      machinery.bundler.bundle(call.source, call.entrypoint),
      resolveReferences(run, call.args, call.transforms),
    ])
    const result = await runStep(await machinery.pool.take(), {
      order: { ...bundle, args: JSON.stringify(args), env: environment(run, call, token) },
      stepId: call.id,
      name: call.source.name,
      timeoutSeconds: call.timeoutSeconds,
      maxResultBytes: machinery.maxResultBytes,
      onLog: (text) => log.add(text),
      signal,
    })
    return JSON.parse(result) as Json
  } finally {
    tokens.revoke(token)
    await log.close()
  }
}

/** The variables by which a script, and windmill-client, know where they are. */
function environment(run: JobRun, call: ScriptCall, token: string): Record<string, string> {
  const { machinery, job } = run
  const { flow } = call
  const user = job.created_by
  const root = job.root_job ?? (flow ? job.id : '')
  return {
    WM_TOKEN: token,
    WM_WORKSPACE: machinery.workspace,
    BASE_INTERNAL_URL: machinery.baseUrl,
    BASE_URL: machinery.baseUrl,
    WM_BASE_URL: machinery.baseUrl,
    WM_JOB_ID: call.id,
    WM_JOB_PATH: flow ? `${flow.path}/${flow.stepId}` : job.path,
    WM_FLOW_JOB_ID: flow?.id ?? '',
    WM_ROOT_FLOW_JOB_ID: root,
    WM_FLOW_PATH: flow?.path ?? '',
    WM_FLOW_STEP_ID: flow?.stepId ?? '',
    WM_STATE_PATH: flow ? `${flow.path}/${flow.stepId}_user` : `${job.path}/user`,
    WM_USERNAME: user,
    WM_EMAIL: user.includes('@') ? user : `${user}@localhost`,
    WM_PERMISSIONED_AS: `u/${user}`,
  }
}
