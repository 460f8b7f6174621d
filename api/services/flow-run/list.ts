import type { Job, ListJobsData } from 'windmill-client'
import { listFlows as flowsCommand, listFlowRuns as listCommand } from '../../commands/flow-runs.ts'
import { type FlowRunState, flowFolder, startableFlows } from '../../core/entities/flow-run.ts'
import { invalid } from '../../core/errors.ts'
import { query } from '../query.ts'
import { jobsOf } from './ours.ts'
import { flowRunOf } from './view.ts'

export const listFlows = query(flowsCommand, async ({ runtime }) => {
  const jobs = jobsOf(runtime)
  const flows = await Promise.all(startableFlows.map((path) => jobs.flow(path)))
  return {
    items: flows.flatMap((flow, nth) => {
      const path = startableFlows[nth]
      if (!flow || !path) return []
      const { summary, description = '', schema = {} } = flow
      return [{ path, summary, description, schema: schema as Record<string, unknown> }]
    }),
  }
})

/**
 * Windmill answers what is open first, then what has ended, the newest first; it goes on at the
 * moment when a job was created, that one included.
 */
export const listFlowRuns = query(listCommand, async ({ runtime }, input) => {
  const { limit } = input
  const after = placeOf(input.cursor)
  const found = await jobsOf(runtime).list({
    ...(input.path === undefined
      ? { scriptPathStart: flowFolder }
      : { scriptPathExact: ourPath(input.path) }),
    ...(input.state ? filters[input.state] : {}),
    ...(after ? { createdBefore: after.createdAt } : {}),
    jobKinds: 'flow',
    isFlowStep: false,
    perPage: limit,
  })
  const items = found
    .filter((job) => job.script_path?.startsWith(flowFolder) && isWhole(job))
    .filter(({ id }) => id !== after?.jobId)
    .map(flowRunOf)
    .filter(({ state }) => input.state === undefined || state === input.state)
    .sort((a, b) => b.created_at.localeCompare(a.created_at))
  return { items, next_cursor: found.length < limit ? null : cursorBehind(found) }
})

const isWhole = (job: Job) => job.job_kind === 'flow' && !job.is_flow_step

/** As close as Windmill can tell them apart; the rest is left out of a page here. */
const filters: Record<FlowRunState, Partial<ListJobsData>> = {
  queued: { running: false },
  running: { running: true },
  waiting: { suspended: true },
  completed: { success: true },
  failed: { success: false },
  cancelled: { success: false },
}

function ourPath(path: string): string {
  if (path.startsWith(flowFolder)) return path
  throw invalid('path', 'our_flows', `must begin with ${flowFolder}`)
}

function cursorBehind(jobs: readonly Job[]): string | null {
  // What is open may be older than all that has ended, and would hide it.
  const ended = jobs.filter(({ type }) => type === 'CompletedJob')
  const last = (ended.length > 0 ? ended : jobs).reduce((a, b) =>
    (b.created_at ?? '') < (a.created_at ?? '') ? b : a,
  )
  return `${last.created_at}_${last.id}`
}

function placeOf(cursor: string | undefined) {
  if (cursor === undefined) return null
  const [, createdAt, jobId] = /^([0-9T:.Z+-]{20,40})_([0-9a-f-]{36})$/.exec(cursor) ?? []
  if (!createdAt || !jobId || Number.isNaN(Date.parse(createdAt))) {
    throw invalid('cursor', 'cursor', 'pass next_cursor of the page before, unchanged')
  }
  return { createdAt, jobId }
}
