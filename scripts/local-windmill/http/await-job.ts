import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from 'postgres'
import { type Ending, findJob } from '../store/jobs.ts'
import { stepEnd } from '../store/steps.ts'
import type { Services } from './services.ts'

const POLL_MS = 50

/**
 * Waits for what a caller is to get: the job's end, or before it that of the module that the
 * flow's early_return names. Null when the signal came first.
 */
export async function awaitJob(
  { machinery, engine }: Services,
  id: string,
  signal: AbortSignal,
): Promise<Pick<Ending, 'success' | 'result'> | null> {
  const { sql, workspace } = machinery
  const early = (await findJob(sql, workspace, id))?.definition?.value.early_return
  const through = new AbortController()
  const either = AbortSignal.any([signal, through.signal])
  try {
    await Promise.race([
      engine.watch.ended(id, either),
      ...(early ? [stepEnded(sql, id, early, either)] : []),
    ])
  } finally {
    through.abort()
  }
  const step = early ? await stepEnd(sql, id, early) : null
  if (step) return step
  const job = await findJob(sql, workspace, id)
  return job?.completed_at ? { success: job.success === true, result: job.result } : null
}

async function stepEnded(sql: Sql, id: string, path: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await stepEnd(sql, id, path))) await sleep(POLL_MS)
}
