import { setTimeout as sleep } from 'node:timers/promises'
import { call, type Target } from '../connect/client.ts'

/** A module of a flow, as Windmill tells of it; its sub-flow, branch or iterations are jobs. */
interface Module {
  id: string
  type: string
  job?: string
  skipped?: boolean
  progress?: number | null
  flow_jobs?: string[]
  iterator?: { index: number; itered_len: number }
}

export interface Job {
  id: string
  type: 'QueuedJob' | 'CompletedJob'
  success?: boolean
  canceled?: boolean
  result?: unknown
  duration_ms?: number
  flow_status?: { modules: Module[]; failure_module?: Module }
  raw_flow?: { modules: { id: string; summary?: string }[] }
}

/** A step of a flow, at whatever depth; `path` tells it from all others of the job. */
export interface Step {
  path: string
  depth: number
  summary: string
  state: 'running' | 'waiting' | 'done' | 'failed' | 'skipped'
  /** Of a loop: iterations begun, and how many there are. */
  part?: string
  percent?: number
  /** Of an ended step. */
  seconds?: number
}

export interface Listener {
  /** Told whenever the state, part or percent of a step is another. */
  step(step: Step): void
  log(step: Step, text: string): void
  /** Top-level steps that have ended, of all. */
  overall(ended: number, all: number): void
}

const askEvery = 250
const states: Record<string, Step['state']> = {
  InProgress: 'running',
  WaitingForExecutor: 'waiting',
  WaitingForEvents: 'waiting',
  Success: 'done',
  Failure: 'failed',
}

/** Follows a job to its end and tells what its steps do and say. Answers the ended job. */
export async function followJob(
  target: Target,
  jobs: string,
  id: string,
  listener: Listener,
): Promise<Job> {
  const told = new Map<string, string>()
  const logged = new Map<string, number>()
  const settled = new Set<string>()
  const get = async (job: string) =>
    (await call(target, { method: 'GET', path: `${jobs}/jobs_u/get/${job}` })) as Job

  for (;;) {
    const job = await get(id)
    await tellSteps(job, '', 0)
    const modules = job.flow_status?.modules ?? []
    listener.overall(modules.filter(({ type }) => hasEnded(type)).length, modules.length)
    if (job.type === 'CompletedJob') return job
    await sleep(askEvery)
  }

  /** Depth first, so that what happens inside a step is told before its end. */
  async function tellSteps(flow: Job, under: string, depth: number): Promise<void> {
    const { modules = [], failure_module } = flow.flow_status ?? {}
    for (const module of failure_module ? [...modules, failure_module] : modules) {
      const state = module.skipped ? 'skipped' : states[module.type]
      if (!state) continue
      const path = `${under}${module.id}`
      if (settled.has(path)) continue
      const summary = flow.raw_flow?.modules.find(({ id }) => id === module.id)?.summary
      const step: Step = { path, depth, summary: summary || module.id, state, ...partOf(module) }
      const ended = hasEnded(module.type)
      if (!ended) tell(step)
      step.seconds = await tellInside(module, step, ended)
      tell(step)
      if (ended) settled.add(path)
    }
  }

  /** Answers how long it took, in seconds, once it has ended. */
  async function tellInside(module: Module, step: Step, ended: boolean) {
    if (!module.job || step.state === 'skipped') return undefined
    const own = await get(module.job)
    const parts = module.flow_jobs ?? []
    for (const [nth, part] of parts.entries()) {
      await tellSteps(await get(part), `${step.path}/${nth}/`, step.depth + 1)
    }
    if (own.flow_status) await tellSteps(own, `${step.path}/`, step.depth + 1)
    else if (parts.length === 0) await tellLog(module.job, step)
    return ended && own.duration_ms !== undefined ? own.duration_ms / 1000 : undefined
  }

  async function tellLog(job: string, step: Step): Promise<void> {
    const path = `${jobs}/jobs_u/getupdate/${job}?running=true&log_offset=${logged.get(job) ?? 0}`
    const update = (await call(target, { method: 'GET', path })) as {
      new_logs?: string | null
      log_offset?: number | null
    }
    if (!update.new_logs) return
    logged.set(job, update.log_offset ?? 0)
    listener.log(step, update.new_logs)
  }

  function tell(step: Step): void {
    const now = `${step.state} ${step.part ?? ''} ${step.percent ?? ''}`
    if (told.get(step.path) === now) return
    told.set(step.path, now)
    listener.step(step)
  }
}

const hasEnded = (type: string) => type === 'Success' || type === 'Failure'

function partOf({ iterator, flow_jobs, progress }: Module): Pick<Step, 'part' | 'percent'> {
  return {
    ...(iterator && flow_jobs && { part: `${flow_jobs.length}/${iterator.itered_len}` }),
    ...(typeof progress === 'number' && { percent: progress }),
  }
}
