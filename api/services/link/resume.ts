import { randomUUID } from 'node:crypto'
import { transaction } from '../../store/transaction.ts'
import { anyUnsynced, takeUnsynced } from '../../store/unsynced.ts'
import { type Runtime, system, workIn } from '../runtime.ts'

const batchSize = 500

/**
 * Where the integration is on, turns the notes of what moved while it was off into events, a batch
 * per transaction; their handler brings runs and boards together. Asked again and again: a note
 * may come late, from a process that still has the integration off.
 */
export async function resumeSync(runtime: Runtime): Promise<void> {
  if (!runtime.sprintIntegration) return
  while ((await anyUnsynced(runtime.db)) && (await resumeSome(runtime)) > 0);
}

async function resumeSome(runtime: Runtime): Promise<number> {
  return transaction(runtime.db, async (tx) => {
    const runs = await takeUnsynced(tx, batchSize)
    const work = await workIn(tx, runtime, system(randomUUID(), null))
    await work.record(
      ...runs.map((run) => ({
        type: 'protocol.sync_resumed' as const,
        entity_type: 'protocol',
        entity_id: run.protocol_run_id,
        project_id: run.project_id,
        protocol_run_id: run.protocol_run_id,
        payload: { moved: run.moved },
      })),
    )
    return runs.length
  })
}
