import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { CliError, call, type Target, windmillTarget } from '../connect/client.ts'
import { flowProgress } from './flow-progress.ts'
import { followJob, type Job, type Listener } from './follow-job.ts'

interface FlowOptions {
  data?: string
  json?: boolean
  logs?: boolean
}

const workspace = (env: NodeJS.ProcessEnv) => env.WINDMILL_WORKSPACE || 'devgodzilla'

/** `devgodzilla flow run`: starts a flow, shows its steps as they end, and fails if it does. */
export function addFlow(program: Command): void {
  const flow = program.command('flow').description('run flows')
  flow
    .command('run')
    .argument('<path>', 'such as sync_tasks_to_sprint or f/devgodzilla/sync_tasks_to_sprint')
    .option('-d, --data <json>', 'the arguments, as a JSON object or as @file', '{}')
    .option('--json', 'print the result as JSON and nothing else')
    .option('--no-logs', 'show the steps, but not what they log')
    .description('run a flow on the local engine, or on the server WINDMILL_BASE_URL names')
    .addHelpText(
      'after',
      `
Example:
  devgodzilla flow run sync_tasks_to_sprint -d '{"sprint_id": 1, "spec_path": "specs/001-trail-journal"}'`,
    )
    .action(async (path: string, options: FlowOptions) => {
      const args = await readArguments(options.data ?? '{}')
      const target = await windmillTarget(process.env)
      const job = await runFlow(target, fullPath(path), args, options)
      if (job.success !== true) {
        throw new CliError(`The flow failed: ${errorOf(job)}`)
      }
      console.log(JSON.stringify(job.result, null, 2))
    })
}

const fullPath = (path: string) => (path.includes('/') ? path : `f/devgodzilla/${path}`)

async function readArguments(data: string): Promise<object> {
  const text = data.startsWith('@') ? await readFile(data.slice(1), 'utf8') : data
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new CliError(`--data is not JSON: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError('--data must be a JSON object, such as {"sprint_id": 1}.')
  }
  return value
}

/** Runs a flow to its end; without --json, what its steps do is shown. */
export async function runFlow(
  target: Target,
  path: string,
  args: object,
  how: FlowOptions,
): Promise<Job> {
  const jobs = `/api/w/${workspace(process.env)}`
  const started = { method: 'POST', path: `${jobs}/jobs/run/f/${path}`, body: args }
  const id = (await call(target, started)) as string
  if (!how.json) console.error(`Job ${id}`)
  if (how.json) return followJob(target, jobs, id, silent)
  const progress = flowProgress(process.stderr, how.logs !== false)
  try {
    return await followJob(target, jobs, id, progress)
  } finally {
    progress.close()
  }
}

const silent: Listener = { step() {}, log() {}, overall() {} }

/** Why a job did not succeed. */
export function errorOf(job: Job): string {
  if (job.canceled) return 'it was cancelled'
  // A loop that failed answers what each of its rounds did, and those may be loops themselves.
  const results = [job.result].flat(Number.POSITIVE_INFINITY) as ({
    error?: { message?: string }
  } | null)[]
  const failed = results.find((result) => result?.error?.message)
  return failed?.error?.message ?? JSON.stringify(job.result)
}
