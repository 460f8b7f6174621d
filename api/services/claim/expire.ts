import { lapsedTasks } from '../../store/claims.ts'
import { closeSession, insertNote, lockSessionsToExpire } from '../../store/sessions.ts'
import { transaction } from '../../store/transaction.ts'
import { type Runtime, system, type Work, workIn } from '../runtime.ts'
import { giveBack } from './give-back.ts'
import { aboutClaim } from './settle.ts'

/** What one round takes on at most: the next one is near. */
const atOnce = 100

/** Returns to the pool what agents had claimed of whom nothing was heard for the lease. */
export async function expireClaims(work: Work, sprintIds?: readonly number[]): Promise<number> {
  const lapsed = await lapsedTasks(work.tx, atOnce, sprintIds)
  if (lapsed.length === 0) return 0
  const given = await giveBack(
    work,
    lapsed.map(({ task_id }) => task_id),
    (claim) => claim.lapsed,
    'Its agent was not heard of any more.',
  )
  for (const { claim, task } of given) {
    const text = `The claim of ${claim.task_code} lapsed at ${claim.lease_until}: nothing was heard of ${claim.agent}. The task is for anyone again.`
    await insertNote(work.tx, {
      session_id: claim.session_id,
      kind: 'note',
      text,
      answers_id: null,
      agent: null,
      actor: work.caller.actor,
    })
    await work.record({ type: 'task.claim_expired', ...aboutClaim(claim, task, {}) })
  }
  return given.length
}

/** One round over all projects: lapsed claims first, then sessions that nobody goes on with. */
export async function expireSessions(runtime: Runtime): Promise<void> {
  const { db } = runtime
  if ((await lapsedTasks(db, 1)).length > 0) {
    await transaction(db, async (tx) =>
      expireClaims(await workIn(tx, runtime, system(crypto.randomUUID(), null))),
    )
  }
  await transaction(db, async (tx) => {
    for (const { id, key, project_id, sprint_id, correlation_id } of await lockSessionsToExpire(
      tx,
      atOnce,
    )) {
      await closeSession(tx, id, 'expired')
      const work = await workIn(tx, runtime, system(correlation_id, null))
      await work.record({
        type: 'session.expired',
        entity_type: 'session',
        entity_id: id,
        project_id,
        sprint_id,
        payload: { key },
      })
    }
  })
}
