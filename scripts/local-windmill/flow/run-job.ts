import type { Bell } from '../bell.ts'
import { StepFailure } from '../job-error.ts'
import { Masks } from '../masks.ts'
import { killProcesses } from '../runner/processes.ts'
import type { JobRow } from '../store/jobs.ts'
import { loadSteps } from '../store/steps.ts'
import type { JobRun, Machinery } from './job-run.ts'
import { failedWith, type Outcome, succeeded } from './outcome.ts'
import { takeArguments } from './preprocess.ts'
import { runFlow } from './run-flow.ts'
import { runModules } from './run-modules.ts'
import { runScript } from './run-script.ts'

/**
 * Runs a job from where it stands to its outcome.
 * @throws the signal's Interruption, or what failed in the engine itself
 */
export async function runJob(
  machinery: Machinery,
  job: JobRow,
  signal: AbortSignal,
  bell: Bell,
): Promise<Outcome> {
  const steps = await loadSteps(machinery.sql, job.id)
  const masks = new Masks()
  const run: JobRun = {
    machinery,
    interpreter: { runFlow, runModules },
    job,
    steps,
    masks,
    signal,
    bell,
    patience: AbortSignal.any([signal, machinery.stopping]),
  }
  if (job.attempt > 1) await reapLeftovers(run)
  if (job.kind === 'script') return runScriptJob(run)
  if (!job.definition) throw new Error(`flow job ${job.id} was stored without its flow`)
  const scope = {
    path: '',
    id: job.id,
    flowPath: job.path,
    flowInput: job.args,
    results: new Map(),
    depth: 0,
    flowEnv: {},
  }
  return runFlow(run, scope, job.definition.value)
}

/** An engine that was killed may have left processes of the steps that begin again now. */
async function reapLeftovers({ job, steps }: JobRun): Promise<void> {
  const open = [...steps.values()].filter((step) => step.state !== 'done').map((step) => step.id)
  for (const id of job.kind === 'script' ? [job.id] : open) await killProcesses(id, [])
}

async function runScriptJob(run: JobRun): Promise<Outcome> {
  const { machinery, job, masks } = run
  try {
    const script = await machinery.files.script(job.path)
    if (!script) throw new StepFailure('NotFound', `script ${job.path} does not exist`)
    const call = {
      source: { kind: 'file' as const, name: job.path, file: script.file },
      timeoutSeconds: script.timeoutSeconds ?? machinery.defaultTimeoutSeconds,
      id: job.id,
    }
    if (job.preprocess) {
      const made = await runScript(run, { ...call, args: job.args, entrypoint: 'preprocessor' })
      await takeArguments(run, made, script.schema, script.limits)
    }
    return succeeded(await runScript(run, { ...call, args: job.args }))
  } catch (thrown) {
    return failedWith(thrown, '', masks)
  }
}
