import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { CliError, call, type Target, windmillTarget } from './client.ts'

interface FlowOptions {
  data?: string
  json?: boolean
}

interface Module {
  id: string
  type: string
}

interface Job {
  type: 'QueuedJob' | 'CompletedJob'
  success?: boolean
  canceled?: boolean
  result?: unknown
  duration_ms?: number
  flow_status?: { modules: Module[] }
  raw_flow?: { modules: { id: string; summary?: string }[] }
}

const askEvery = 250
const workspace = (env: NodeJS.ProcessEnv) => env.WINDMILL_WORKSPACE || 'devgodzilla'

/** `devgodzilla flow run`: starts a flow, shows its steps as they end, and fails if it does. */
export function addFlow(program: Command): void {
  const flow = program.command('flow').description('run flows')
  flow
    .command('run')
    .argument('<path>', 'such as sync_tasks_to_sprint or f/devgodzilla/sync_tasks_to_sprint')
    .option('-d, --data <json>', 'the arguments, as a JSON object or as @file', '{}')
    .option('--json', 'print the result as JSON and nothing else')
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
      const job = await runFlow(target, fullPath(path), args, options.json === true)
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

async function runFlow(target: Target, path: string, args: object, quiet: boolean): Promise<Job> {
  const jobs = `/api/w/${workspace(process.env)}`
  const id = (await call(target, {
    method: 'POST',
    path: `${jobs}/jobs/run/f/${path}`,
    body: args,
  })) as string
  const began = Date.now()
  const told = new Set<string>()
  for (;;) {
    const job = (await call(target, { method: 'GET', path: `${jobs}/jobs_u/get/${id}` })) as Job
    if (!quiet) tellSteps(job, told, began)
    if (job.type === 'CompletedJob') return job
    await sleep(askEvery)
  }
}

const signs: Record<string, string> = { Success: '✓', Failure: '✗', InProgress: '…' }

function tellSteps(job: Job, told: Set<string>, began: number): void {
  for (const { id, type } of job.flow_status?.modules ?? []) {
    const sign = signs[type]
    if (!sign || told.has(`${id} ${type}`)) continue
    told.add(`${id} ${type}`)
    if (type === 'InProgress') continue
    const summary = job.raw_flow?.modules.find((module) => module.id === id)?.summary ?? id
    const seconds = ((Date.now() - began) / 1000).toFixed(1)
    console.error(`${sign} ${summary}  (${seconds} s)`)
  }
}

function errorOf(job: Job): string {
  if (job.canceled) return 'it was cancelled'
  // A loop that failed answers what each of its rounds did.
  const results = [job.result].flat() as ({ error?: { message?: string } } | null)[]
  const failed = results.find((result) => result?.error?.message)
  return failed?.error?.message ?? JSON.stringify(job.result)
}
