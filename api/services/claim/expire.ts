import { type LapsedTask, lapsedTasks } from '../../store/claims.ts'
import type { Db } from '../../store/database.ts'
import { closeSession, insertNote, lockSessionsToExpire } from '../../store/sessions.ts'
import { transaction } from '../../store/transaction.ts'
import { type Runtime, system, type Work, workIn } from '../runtime.ts'
import { giveBack } from './give-back.ts'
import { aboutClaim } from './settle.ts'

/** What one round takes on at most: the next one is near. */
const atOnce = 100

/** What agents have claimed, in these sprints or anywhere, of whom nothing was heard for the lease. */
export const findLapsed = (db: Db, sprintIds?: readonly number[]) =>
  lapsedTasks(db, atOnce, sprintIds)

/** Returns that to the pool. */
export async function expireClaims(work: Work, lapsed: readonly LapsedTask[]): Promise<number> {
  if (lapsed.length === 0) return 0
  const given = await giveBack(
    work,
    lapsed.map(({ id }) => id),
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
  const lapsed = await findLapsed(db)
  if (lapsed.length > 0) {
    await transaction(db, async (tx) =>
      expireClaims(await workIn(tx, runtime, system(crypto.randomUUID(), null)), lapsed),
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
